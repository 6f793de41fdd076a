-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- A report as text: words are taken apart, counted, formatted, and put together again.
-- heap: 45700 bytes

CREATE TABLE lines(number INTEGER PRIMARY KEY, text TEXT);
INSERT INTO lines(text) VALUES
    ('the heap gives back what it does not need'),
    ('a block is known by its payload and a header right before it'),
    ('free blocks that meet become one block and the top takes what reaches it'),
    ('the break moves down when the end of the heap is idle for long enough'),
    ('a grant that comes late finds room where the heap was'),
    ('what the kernel refuses today it may give tomorrow so ask again but not too often'),
    ('the smallest block has eight bytes and six of them are yours'),
    ('who counts bytes counts the header first and the rounding second');

CREATE TABLE words(line INTEGER, place INTEGER, word TEXT);
WITH RECURSIVE split(line, place, word, rest) AS (
    SELECT number, 0, NULL, text || ' ' FROM lines
    UNION ALL
    SELECT line, place + 1, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
        FROM split WHERE rest <> ''
)
INSERT INTO words SELECT line, place, word FROM split WHERE word IS NOT NULL;
CREATE INDEX words_by_word ON words(word);

SELECT count(*), count(DISTINCT word), max(length(word)) FROM words;

SELECT printf('%-10s|%3d|%s', word, count(*), substr('********************', 1, count(*)))
    FROM words GROUP BY word HAVING count(*) > 1 ORDER BY count(*) DESC, word;

SELECT printf('%2d. %-60.60s %5.1f %%', number, upper(substr(text, 1, 1)) || substr(text, 2),
        100.0 * length(text) / (SELECT sum(length(text)) FROM lines))
    FROM lines ORDER BY number;

SELECT line, group_concat(word, '-') FROM (SELECT line, word FROM words ORDER BY line, place DESC) GROUP BY line;

CREATE VIEW pairs AS
    SELECT a.word || ' ' || b.word AS pair FROM words a JOIN words b ON b.line = a.line AND b.place = a.place + 1;
SELECT pair, count(*) AS times FROM pairs GROUP BY pair ORDER BY times DESC, pair LIMIT 12;

SELECT letter, count(*) FROM (
    WITH RECURSIVE places(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM places WHERE i < 12)
    SELECT substr(word, i, 1) AS letter FROM words, places WHERE i <= length(word)
) GROUP BY letter ORDER BY 2 DESC, 1 LIMIT 10;

SELECT word, count(*) OVER (PARTITION BY length(word)) AS as_long, row_number() OVER (ORDER BY word) AS rank
    FROM (SELECT DISTINCT word FROM words) ORDER BY word LIMIT 15;

SELECT replace(group_concat(hex(word), ' '), '65', '__') FROM (SELECT DISTINCT word FROM words WHERE length(word) = 4);
SELECT quote(trim('  it''s  ')), typeof(1 / 2.0), round(10.0 / 3, 4),
    printf('%08.3f|%+d|%x|%,d', 3.14159, 7, 255, 1234567);
