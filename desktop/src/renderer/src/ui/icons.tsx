import type { ReactNode } from 'react';

/** An icon on a grid of 20, in the color of the text. Hidden from screen readers, because the buttons have names. */
function Icon({ children, size = 18 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const BoardIcon = () => (
  <Icon>
    <path d="M3 4.5h14M3 10h14M3 15.5h14" opacity={0.45} />
    <rect x={4} y={3} width={6} height={3} rx={0.8} fill="currentColor" stroke="none" />
    <rect x={8} y={8.5} width={8} height={3} rx={0.8} fill="currentColor" stroke="none" />
    <rect x={5} y={14} width={5} height={3} rx={0.8} fill="currentColor" stroke="none" />
  </Icon>
);
export const ListIcon = () => (
  <Icon>
    <path d="M7.5 5H17M7.5 10H17M7.5 15H17" />
    <path d="M3.5 5h.01M3.5 10h.01M3.5 15h.01" strokeWidth={2.2} />
  </Icon>
);
export const PoolsIcon = () => (
  <Icon>
    <path d="M3 16.5v-4h4v-4h4v-4h3v8h3v4z" />
  </Icon>
);
export const FiguresIcon = () => (
  <Icon>
    <path d="M3 3v14h14" />
    <path d="M7 13.5V10M11 13.5V5.5M15 13.5V8" strokeWidth={2} />
  </Icon>
);
export const AdministrationIcon = () => (
  <Icon>
    <path d="M4 17V5.5L10 3l6 2.5V17M2.5 17h15" />
    <path d="M8 17v-3.5h4V17M8 8h.01M12 8h.01" strokeWidth={2} />
  </Icon>
);
export const PreferencesIcon = () => (
  <Icon>
    <path d="M3 6h8M15 6h2M3 14h2M9 14h8" />
    <circle cx={13} cy={6} r={2} />
    <circle cx={7} cy={14} r={2} />
  </Icon>
);
export const SearchIcon = () => (
  <Icon size={15}>
    <circle cx={8.5} cy={8.5} r={5} />
    <path d="m12.5 12.5 4 4" />
  </Icon>
);
export const PreviousIcon = () => (
  <Icon size={15}>
    <path d="m12 4.5-5 5.5 5 5.5" />
  </Icon>
);
export const NextIcon = () => (
  <Icon size={15}>
    <path d="m8 4.5 5 5.5-5 5.5" />
  </Icon>
);
export const DownIcon = () => (
  <Icon size={13}>
    <path d="m4.5 7.5 5.5 5 5.5-5" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon size={15}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon size={15}>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);
export const DepotIcon = () => (
  <Icon size={17}>
    <rect x={2.5} y={3.5} width={15} height={13} rx={1.8} />
    <path d="M8 3.5v13" />
  </Icon>
);
export const InspectorIcon = () => (
  <Icon size={17}>
    <rect x={2.5} y={3.5} width={15} height={13} rx={1.8} />
    <path d="M12 3.5v13" />
  </Icon>
);
