-- The sample business of the hotline: schema and first data. ctid makes var/run/business.db from this file when that is not there;
-- afterwards the database is yours (a CRM may write into it), and this file is not read again. It is apart from the journal.
-- Telephone numbers, for tests and for callgen:
--   13800000001 … 13800000180   customers; every fourth one has ordered before, from an agent 2001 … 2018
--   13900000001 … 13900000010   VIP customers (level "gold")
--   13700000001 … 13700000010   returning customers: last order from agent 2001 … 2010
--   13600000001 … 13600000005   blacklisted; …5 only until 2023, so that he is served again
--   13800000171 … 13800000175   customers that are VIP, 13800000176 … 13800000180 blacklisted: in the same block, for random callers
-- Order numbers: 600001 … (of customer 1 …). Times are Unix seconds, dates are texts "2026-02-11", money is in fen.
-- SPDX-License-Identifier: GPL-2.0-or-later

CREATE TABLE customer (
  id       INTEGER PRIMARY KEY,
  phone    TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'zh',
  city     TEXT NOT NULL
);
CREATE TABLE member (
  customer INTEGER PRIMARY KEY REFERENCES customer (id),
  level    TEXT NOT NULL CHECK (level IN ('normal', 'silver', 'gold')),  -- gold: VIP
  points   INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE product (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL,
  price INTEGER NOT NULL,                -- fen
  business TEXT NOT NULL                 -- as in center.toml, [[number]] business
);
CREATE TABLE orders (
  id       INTEGER PRIMARY KEY,          -- what the customer keys in
  customer INTEGER NOT NULL REFERENCES customer (id),
  product  INTEGER NOT NULL REFERENCES product (id),
  agent    TEXT NOT NULL,                -- who took it: offered first when the customer calls again
  ordered  TEXT NOT NULL,
  shipped  TEXT,
  amount   INTEGER NOT NULL,             -- fen
  status   TEXT NOT NULL CHECK (status IN ('new', 'paid', 'packed', 'shipped', 'delivered', 'cancelled'))
);
CREATE INDEX orders_of_customer ON orders (customer, id);
CREATE TABLE blacklist (
  phone    TEXT PRIMARY KEY,
  reason   TEXT NOT NULL,
  expires  INTEGER,                      -- Unix seconds; NULL: never
  hits     INTEGER NOT NULL DEFAULT 0,   -- written by the script
  last_hit INTEGER
);
CREATE TABLE promotion (
  business TEXT PRIMARY KEY,
  prompt   TEXT NOT NULL,                -- heard in the menu
  begins   TEXT NOT NULL,
  ends     TEXT NOT NULL
);

INSERT INTO product (id, name, price, business) VALUES
  (1, '不粘锅三件套', 29900, 'kitchen'), (2, '破壁料理机', 49900, 'kitchen'), (3, '陶瓷刀具', 19800, 'kitchen'),
  (4, '和田玉手镯', 398000, 'jewelry'), (5, '淡水珍珠项链', 128000, 'jewelry'), (6, '足金吊坠', 256050, 'jewelry'),
  (7, '颈椎按摩仪', 69900, 'health'), (8, '足浴盆', 39900, 'health');

-- Customers: block, first number, how many.
WITH RECURSIVE
  block (prefix, first_id, n) AS (VALUES ('138', 1001, 180), ('139', 2001, 10), ('137', 3001, 10), ('136', 4001, 5)),
  i (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM i WHERE k < 180)
INSERT INTO customer (id, phone, name, language, city)
SELECT first_id + k - 1, printf('%s%08d', prefix, k),
       substr('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗', (k * 7 + first_id / 1000 * 3) % 20 + 1, 1) ||
       substr('芳伟敏静丽强磊洋艳勇杰娟涛明超秀霞平刚英', (k * 11 + k / 20 + first_id / 1000 * 5) % 20 + 1, 1),
       CASE WHEN k % 60 = 0 THEN 'en' ELSE 'zh' END,
       CASE k % 5 WHEN 0 THEN '北京' WHEN 1 THEN '上海' WHEN 2 THEN '广州' WHEN 3 THEN '成都' ELSE '沈阳' END
FROM block JOIN i ON k <= n;

INSERT INTO member (customer, level, points)
SELECT id,
       CASE WHEN id BETWEEN 2001 AND 2010 OR id BETWEEN 1171 AND 1175 THEN 'gold' WHEN id % 9 = 0 THEN 'silver' ELSE 'normal' END,
       (id * 37) % 5000
FROM customer WHERE id % 2 = 1 OR id >= 2000 OR id BETWEEN 1171 AND 1175;

-- Orders: every fourth customer of the first block, every VIP, and the returning customers.
INSERT INTO orders (id, customer, product, agent, ordered, shipped, amount, status)
SELECT 600000 + row_number() OVER (ORDER BY c.id), c.id, p.id,
       CASE WHEN c.id >= 3001 THEN printf('%d', 2000 + c.id - 3000) ELSE printf('%d', 2001 + c.id % 18) END,
       printf('2026-%02d-%02d', c.id % 2 + 1, c.id % 28 + 1),
       CASE WHEN c.id % 5 IN (3, 4) THEN printf('2026-%02d-%02d', c.id % 2 + 2, c.id % 28 + 1) END,
       p.price,
       CASE c.id % 5 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' WHEN 2 THEN 'packed' WHEN 3 THEN 'shipped' ELSE 'delivered' END
FROM customer c JOIN product p ON p.id = c.id % 8 + 1
WHERE (c.id < 2000 AND c.id % 4 = 1) OR c.id BETWEEN 2001 AND 3999;

INSERT INTO blacklist (phone, reason, expires)
SELECT phone, CASE id % 3 WHEN 0 THEN 'refused deliveries' WHEN 1 THEN 'nuisance calls' ELSE 'unpaid orders' END, NULL
FROM customer WHERE id BETWEEN 4001 AND 4004 OR id BETWEEN 1176 AND 1180;
INSERT INTO blacklist (phone, reason, expires) VALUES ('13600000005', 'nuisance calls', 1700000000);

INSERT INTO promotion (business, prompt, begins, ends) VALUES ('service', 'promotion', '2026-01-01', '2099-12-31');
