-- The statuses of one account, the newest of which are kept.
CREATE INDEX posting_account ON posting (account, at);
