-- Sign-ins are in one chain for all sites; an auditor of a site reads those of its people.
CREATE INDEX audit_of_person ON audit ((coalesce(actor ->> 'id', detail ->> 'user')), seq) WHERE chain = 'identity';
