"""The only place with SQL: tables, migrations, transactions and the queries of every resource."""
