export const services = [
  'General Surgery',
  'Orthopedics',
  'Trauma',
  'Cardiac Surgery',
  'Vascular Surgery',
  'Neurosurgery',
  'Urology',
  'Gynecology',
  'Ophthalmology',
  'ENT',
  'Plastic Surgery',
] as const;
export type Service = (typeof services)[number];

/** Invented people, by the service they operate for. */
export const surgeonNames: Readonly<Record<Service, readonly string[]>> = {
  'General Surgery': [
    'Okafor N',
    'Bergström L',
    'Castillo M',
    'Whitfield J',
    'Nakamura S',
    'Osei K',
    'Petrov D',
  ],
  Orthopedics: ['Haddad A', 'Lindholm E', 'Mbeki T', 'Rossi G', 'Sullivan P', 'Tran H', 'Vargas R'],
  Trauma: ['Iyer R', 'Kowalski B', 'Novak D', 'Reyes C'],
  'Cardiac Surgery': ['Abebe Y', 'Fontaine C', 'Goldberg S'],
  'Vascular Surgery': ['Chen W', 'Moreau E', 'Silva T'],
  Neurosurgery: ['Adeyemi F', 'Hartmann U', 'Khoury Z', 'Park J'],
  Urology: ['Ferrari L', 'Jensen M', 'Qureshi I', 'Watanabe K'],
  Gynecology: ['Almeida B', 'Dubois V', 'Mensah A', "O'Brien S", 'Yilmaz E'],
  Ophthalmology: ['Eriksen H', 'Patel N', 'Zhou L'],
  ENT: ['Banerjee P', 'Costa J', 'Larsen O'],
  'Plastic Surgery': ['Ito M', 'Schwartz R'],
};
