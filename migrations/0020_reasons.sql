-- The site's lists of reasons, with codes; NULL: the default lists.
ALTER TABLE sites ADD reasons jsonb;
GRANT UPDATE (reasons) ON sites TO slate_server;

-- The codes of the reasons of a case, and why it was delayed.
ALTER TABLE cases ADD reason_code text, ADD override_reason_code text, ADD delay_reason text, ADD delay_reason_code text;
