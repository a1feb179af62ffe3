DROP INDEX posting_account;
