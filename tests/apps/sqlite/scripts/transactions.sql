-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Accounts: transactions and savepoints that are rolled back, triggers, constraints, a change of the schema.
-- heap: 37500 bytes

CREATE TABLE accounts(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL CHECK(balance >= 0));
CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER, old INTEGER, new INTEGER);
CREATE TRIGGER journal_of_changes AFTER UPDATE OF balance ON accounts BEGIN
    INSERT INTO journal(account, old, new) VALUES(new.id, old.balance, new.balance);
END;

BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO accounts(owner, balance) SELECT 'owner number ' || i, i * 10 FROM n;
COMMIT;
SELECT 'start', count(*), sum(balance) FROM accounts;

BEGIN;
UPDATE accounts SET balance = balance - 10 WHERE id <= 30;
UPDATE accounts SET balance = balance + 10 WHERE id > 30;
SELECT 'inside', sum(balance), (SELECT count(*) FROM journal) FROM accounts;
SAVEPOINT one;
UPDATE accounts SET balance = balance * 2;
SELECT 'doubled', sum(balance), (SELECT count(*) FROM journal) FROM accounts;
SAVEPOINT two;
DELETE FROM accounts WHERE id % 2 = 0;
SELECT 'halved', count(*) FROM accounts;
ROLLBACK TO two;
SELECT 'back', count(*), sum(balance) FROM accounts;
ROLLBACK TO one;
SELECT 'further back', count(*), sum(balance), (SELECT count(*) FROM journal) FROM accounts;
COMMIT;

UPDATE OR IGNORE accounts SET balance = balance - 50;
SELECT 'ignored', count(*), sum(balance), min(balance) FROM accounts;
INSERT OR IGNORE INTO accounts VALUES(5, 'nobody', 1), (61, 'somebody', 2), (62, 'else', -1);
SELECT 'inserted', count(*), (SELECT owner FROM accounts WHERE id = 5), max(id) FROM accounts;

BEGIN;
ALTER TABLE accounts ADD COLUMN branch TEXT DEFAULT 'main';
CREATE INDEX accounts_by_branch ON accounts(branch, balance);
UPDATE accounts SET branch = CASE WHEN id % 3 = 0 THEN 'north' WHEN id % 3 = 1 THEN 'south' ELSE branch END;
SELECT 'branch', branch, count(*), sum(balance) FROM accounts GROUP BY branch;
ROLLBACK;
SELECT 'columns', group_concat(name) FROM pragma_table_info('accounts');

CREATE TABLE archive AS SELECT account, count(*) AS changes, max(new) - min(old) AS drift FROM journal GROUP BY account;
DELETE FROM journal WHERE id <= (SELECT max(id) / 2 FROM journal);
SELECT 'archive', count(*), sum(changes), min(drift), max(drift) FROM archive;
SELECT 'journal', count(*), min(id), max(id) FROM journal;
DROP TRIGGER journal_of_changes;
DROP TABLE journal;
SELECT 'left', group_concat(name) FROM (SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name);
