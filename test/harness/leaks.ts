import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Page } from 'playwright'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** A secret under every spelling in which it could stand in a file, an address or a header. */
export interface Needle {
  name: string
  spellings: Buffer[]
}

/** Shorter values than this would be found by chance. */
const shortest = 12

/** Everything the sandbox ever gave out or took, as bytes to look for. */
export async function needles(sandbox: Sandbox): Promise<Needle[]> {
  const secrets = await sandbox.control.secrets()
  return secrets
    .filter(({ value }) => value.length >= shortest)
    .map(({ kind, value }) => {
      const forms = new Set([
        value,
        encodeURIComponent(value),
        Buffer.from(value).toString('base64').replace(/=+$/, ''),
      ])
      return {
        name: `${kind} ${value.slice(0, 4)}…`,
        spellings: [...forms].flatMap((form) => [Buffer.from(form), Buffer.from(form, 'utf16le')]),
      }
    })
}

/** What only handshakes know: PKCE verifiers and states, as the vendors' servers have seen them. */
export async function handshakeNeedles(sandbox: Sandbox): Promise<Needle[]> {
  const seen = await sandbox.control.requests()
  const text = seen.map(({ query, body }) => `${query} ${body}`).join('\n')
  const values = new Set(
    [...text.matchAll(/(?:[?&]state=|code_verifier(?:=|":"))([\w.~-]{40,})/g)].map(([, value]) => value ?? ''),
  )
  return [...values].map((value) => ({
    name: `handshake ${value.slice(0, 4)}…`,
    spellings: [Buffer.from(value), Buffer.from(value, 'utf16le')],
  }))
}

/** A secret that the person typed and no vendor knows. */
export function typedNeedle(value: string): Needle {
  return { name: `typed ${value.slice(0, 4)}…`, spellings: [Buffer.from(value), Buffer.from(value, 'utf16le')] }
}

/** Names of the secrets that stand in these bytes. */
export function found(secrets: Needle[], bytes: Buffer | string): string[] {
  const hay = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return secrets.filter(({ spellings }) => spellings.some((form) => hay.includes(form))).map(({ name }) => name)
}

/** Every file below a folder, but not below one of `except`, with the secrets that stand in it. */
export function foundInFiles(secrets: Needle[], folder: string, except: string[] = []): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !except.some((name) => relative(folder, path).startsWith(name)))
    .flatMap((path) => found(secrets, readFileSync(path)).map((name) => `${relative(folder, path)}: ${name}`))
}

/**
 * Keeps every text that crosses from main into the page, answers and events alike. Values cross as JSON on the stand-in, so its reading
 * is what is listened to; real Electron builds them natively and shows nothing here.
 */
export function listenIn(page: Page): Promise<void> {
  return page.evaluate(() => {
    const heard: string[] = []
    const parse = JSON.parse
    JSON.parse = (text: string, ...rest: []) => {
      heard.push(text)
      return parse(text, ...rest)
    }
    Reflect.set(globalThis, 'heardFromMain', heard)
  })
}

export function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => Reflect.get(globalThis, 'heardFromMain') as string[])
}

/** All strings and objects a page holds right now, as Chromium's heap snapshot, after its garbage was collected. */
export async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return chunks.join('')
}
