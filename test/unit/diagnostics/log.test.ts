import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../../main/diagnostics/log.ts'
import { type TempFolder, tempFolder } from '../oauth/support/fakes.ts'

let folder: TempFolder
let file: string
beforeEach(() => {
  folder = tempFolder()
  file = join(folder.path, 'logs', 'manydesk.log')
})
afterEach(() => folder.remove())

const open = (maxBytes = 100_000, keep = 2) => createLog({ file, maxBytes, keep, now: () => 1_700_000_000_000 })
const lines = (path = file) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('writes one JSON object a line with time, level, message and fields', () => {
  const log = open()
  log.info('A handshake moved on', { step: 'done' })
  log.error('It broke\nbadly', { error: new TypeError('why') })
  expect(lines()).toEqual([
    { time: '2023-11-14T22:13:20.000Z', level: 'info', message: 'A handshake moved on', step: 'done' },
    {
      time: '2023-11-14T22:13:20.000Z',
      level: 'error',
      message: 'It broke\nbadly',
      error: { name: 'TypeError', message: 'why' },
    },
  ])
})

test('lets no field take the place of time, level or message', () => {
  open().warn('true', { time: 'never', level: 'debug', message: 'false' })
  expect(lines()).toMatchObject([{ time: '2023-11-14T22:13:20.000Z', level: 'warn', message: 'true' }])
})

test('holds none of the secrets and none of the words of a customer that were logged', () => {
  const secret = 'canary-Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8Ii9Jj0'
  const log = open()
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    log[level](`Bearer ${secret}`, {
      accessToken: secret,
      refreshToken: secret,
      clientSecret: secret,
      code: secret,
      state: secret,
    })
    log[level](`https://x.example/cb?code=${secret}&state=${secret}`, {
      url: new URL(`https://x.example/?code=${secret}`),
    })
    log[level]('x', {
      error: new Error(`{"access_token":"${secret}"}`),
      jwt: `eyJhbGciOiJub25lIn0.${secret}.`,
      body: secret,
    })
    log[level]('x', { nested: [{ headers: { authorization: secret } }], bytes: Buffer.from(secret) })
  }
  expect(readFileSync(file, 'utf8')).not.toContain('canary')
  expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20))
  expect(lines()).toHaveLength(16)
})

test('begins a new file at its size and keeps only so many old ones', () => {
  const log = open(1_000, 2)
  for (let index = 0; index < 100; index += 1) log.info(`line ${index}`)
  expect(readdirSync(join(folder.path, 'logs')).sort()).toEqual(['manydesk.log', 'manydesk.log.1', 'manydesk.log.2'])
  for (const path of [file, `${file}.1`, `${file}.2`]) expect(statSync(path).size).toBeLessThanOrEqual(1_000)
  expect(lines().at(-1)).toMatchObject({ message: 'line 99' })
  const oldest = Number(lines(`${file}.2`)[0].message.slice(5))
  const all = [...lines(`${file}.2`), ...lines(`${file}.1`), ...lines()].map((line) => line.message)
  expect(all).toEqual(Array.from({ length: 100 - oldest }, (_, index) => `line ${oldest + index}`))
})

test('goes on with the file of the run before', () => {
  open().info('first')
  open().info('second')
  expect(lines().map((line) => line.message)).toEqual(['first', 'second'])
})

test('never throws when it cannot write, and writes again when it can', () => {
  const log = open()
  rmSync(join(folder.path, 'logs'), { recursive: true })
  log.info('lost')
  expect(existsSync(file)).toBe(false)
  mkdirSync(join(folder.path, 'logs'))
  log.info('there')
  expect(lines()).toMatchObject([{ message: 'there' }])
})
