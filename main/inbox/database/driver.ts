/// <reference path="./driver.d.ts" />
import type BetterSqlite3 from 'better-sqlite3'
import Driver from 'better-sqlite3-multiple-ciphers'

/** An open database, keyed or not. */
export type Db = BetterSqlite3.Database

export { Driver }
