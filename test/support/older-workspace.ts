// Owns the making of workspaces as earlier versions left them, for tests of the steps between versions.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Database } from '../../electron/study/database.ts';
import { migrate } from '../../electron/study/schema.ts';

/** Takes the tables of a closed workspace back to those of an earlier version: what later versions added is dropped with its content. */
export function takeBack(folder: string, version: number): void {
  const earlier = new Database(':memory:');
  migrate(earlier, version);
  const database = new DatabaseSync(join(folder, 'workspace.sqlite'));
  const tablesSql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const columnsSql = 'SELECT name FROM pragma_table_info(?)';
  const indexesSql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
  for (const { name } of database.prepare(indexesSql).all()) database.exec(`DROP INDEX ${String(name)}`);
  const kept = new Set(earlier.all(tablesSql).map((row) => String(row.name)));
  for (const { name } of database.prepare(tablesSql).all()) {
    const table = String(name);
    if (!kept.has(table)) {
      database.exec(`DROP TABLE ${table}`);
      continue;
    }
    const keptColumns = new Set(earlier.all(columnsSql, [table]).map((row) => String(row.name)));
    for (const column of database.prepare(columnsSql).all(table)) {
      if (!keptColumns.has(String(column.name))) {
        database.exec(`ALTER TABLE ${table} DROP COLUMN ${String(column.name)}`);
      }
    }
  }
  for (const { sql } of earlier.all(indexesSql)) database.exec(String(sql));
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
  earlier.close();
}
