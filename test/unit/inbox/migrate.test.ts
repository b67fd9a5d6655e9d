import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Driver } from '../../../main/inbox/database/driver.ts'
import { openDatabase } from '../../../main/inbox/database/file.ts'
import { migrate, migrations } from '../../../main/inbox/schema/migrate.ts'
import { openStore } from '../../../main/inbox/store.ts'
import { openTestStore, workerUrl } from './open-store.ts'

const version = (db: InstanceType<typeof Driver>) => db.pragma('user_version', { simple: true })

test('migrations are numbered upwards, each in the file that carries its number', () => {
  const numbers = migrations.map((step) => step.version)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  const folder = join(import.meta.dirname, '../../../main/inbox/schema')
  const files = readdirSync(folder).filter((name) => /^\d{3}-/.test(name))
  expect(files.map((name) => Number(name.slice(0, 3))).toSorted((a, b) => a - b)).toEqual(numbers)
})

test('an empty file and one of any earlier form end in the same form', () => {
  const fresh = new Driver(':memory:')
  migrate(fresh)
  const schema = (db: InstanceType<typeof Driver>) => db.prepare('SELECT type, name, sql FROM sqlite_master').all()
  for (let known = 1; known < migrations.length; known++) {
    const old = new Driver(':memory:')
    migrate(old, migrations.slice(0, known))
    expect(version(old)).toBe(migrations[known - 1]?.version)
    migrate(old)
    expect(schema(old)).toEqual(schema(fresh))
  }
  expect(version(fresh)).toBe(migrations.at(-1)?.version)
})

test('every table is strict, so that no value of a wrong type can be stored', () => {
  const db = new Driver(':memory:')
  migrate(db)
  const tables = db.prepare<[], { name: string; strict: number }>(
    "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
  )
  expect(tables.all().filter((table) => table.strict === 0)).toEqual([])
})

test('a step that fails leaves the form before it', () => {
  const db = new Driver(':memory:')
  migrate(db)
  const broken = { version: 999, sql: 'CREATE TABLE half (a INTEGER) STRICT; CREATE TABLE half (a INTEGER) STRICT;' }
  expect(() => migrate(db, [...migrations, broken])).toThrow('half')
  expect(version(db)).toBe(migrations.at(-1)?.version)
  expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'half'").pluck().get()).toBe(0)
})

test('a file of a newer version is refused, left as it is, and opened again by that version', async () => {
  const opened = await openTestStore()
  await opened.store.close()
  const db = openDatabase(opened.file, Uint8Array.from(opened.key))
  db.pragma('user_version = 9000')
  db.close()
  await expect(openStore({ workerUrl, file: opened.file, key: opened.key })).rejects.toMatchObject({
    code: 'store_newer',
  })
  rmSync(`${opened.file}-wal`, { force: true })
  const again = new Driver(opened.file)
  again.pragma("cipher = 'aegis'")
  again.key(Buffer.from(`raw:${Buffer.from(opened.key).toString('hex')}`))
  expect(version(again)).toBe(9000)
  again.close()
})
