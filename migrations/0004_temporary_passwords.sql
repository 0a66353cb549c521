-- Until when a password counts that an administrator has had made for somebody; one's own has no end.
ALTER TABLE users ADD password_until timestamptz;
