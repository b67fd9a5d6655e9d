/** The driver ships no types its own export map can reach: better-sqlite3's, and the one method it adds. */
declare module 'better-sqlite3-multiple-ciphers' {
  import type BetterSqlite3 from 'better-sqlite3'

  interface KeyedDatabase extends BetterSqlite3.Database {
    /** sqlite3_key: https://utelle.github.io/SQLite3MultipleCiphers/docs/configuration/config_capi/ */
    key(phrase: Buffer): number
  }
  const Database: {
    new (file: string, options?: BetterSqlite3.Options): KeyedDatabase
    SqliteError: typeof BetterSqlite3.SqliteError
  }
  export default Database
}
