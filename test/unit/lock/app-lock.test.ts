import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { summaryOf } from '../../../main/audit/words.ts'
import type { AppLock, WantedLock } from '../../../main/lock/app-lock.ts'
import { createAppLock } from '../../../main/lock/app-lock.ts'
import { createLockedKeyring } from '../../../main/lock/locked-keyring.ts'
import type { passphraseKey } from '../../../main/lock/passphrase-key.ts'
import { openVault, setVaultAside, type VaultOpening } from '../../../main/oauth/vault.ts'
import { createLockRecord } from '../../../main/workstation/audit-lock.ts'
import { emptyDisk, open as openAudit } from '../audit/support.ts'
import {
  type FakeKeyring,
  fakeClock,
  fakeKeyring,
  fakeLog,
  type TempFolder,
  tempFolder,
} from '../oauth/support/fakes.ts'

const passphrase = 'four words that nobody guesses'
const when = { idleMinutes: 5, withSystem: true }
const grant = {
  accessToken: 'at',
  refreshToken: 'rt',
  tokenType: 'bearer',
  scopes: [],
  obtainedAt: 1,
  expiresAt: null,
  refreshExpiresAt: null,
}

/** As much a function of passphrase and salt as the real one, without its cost. */
const quickKey: typeof passphraseKey = async (text, { salt }) => {
  await deriveWaits
  return new Uint8Array(createHash('sha256').update(`${salt} ${text}`).digest())
}

let deriveWaits: Promise<void> | null = null
let folder: TempFolder
let system: FakeKeyring
beforeEach(() => {
  folder = tempFolder()
  system = fakeKeyring()
})
afterEach(() => folder.remove())

/** One start of the app on this profile: the vault behind the lock. */
async function start(required: WantedLock | null = null) {
  const clock = fakeClock()
  const log = fakeLog()
  const audit = openAudit(emptyDisk())
  const documents = folder.documents('vault')
  const record = createLockRecord({
    ...{ clock, log },
    audit: () => (opening?.kind === 'open' ? audit : null),
    file: folder.documents('settings').file('unlock-tries'),
  })
  const keyring = createLockedKeyring({ keyring: system, recovery: documents.file('recovery'), derive: quickKey })
  let opening: VaultOpening | null = null
  const lock: AppLock = createAppLock({
    ...{ keyring, clock, log },
    required: () => required,
    events: record.events,
    documents: folder.documents('settings'),
    hasVault: () => opening?.kind === 'open',
    wrapAgain: async () => (opening?.kind === 'open' ? opening.wrapAgain?.() : undefined),
  })
  const open = async () => {
    opening = await openVault({
      ...{ keyring: keyring.keyring, documents, log },
      ciphertextExists: () => true,
      appVersion: '1',
    })
    if (opening.kind === 'open') record.auditOpened(audit, true)
    return opening
  }
  const vault = async () => {
    const answer = await open()
    if (answer.kind !== 'open') throw answer.error
    return answer.vault
  }
  const recorded = () => [...audit.list({ limit: 50 }).entries].reverse().map(({ entry }) => summaryOf(entry))
  return { clock, log, lock, open, vault, documents, recorded }
}

/** A first start: the key is made while nothing sealed is there. */
async function firstStart() {
  const documents = folder.documents('vault')
  const first = await openVault({
    ...{ keyring: system, documents, log: fakeLog(), appVersion: '1' },
    ciphertextExists: () => false,
  })
  if (first.kind !== 'open') throw first.error
  await first.vault.writeGrant('a1', grant)
}

async function withLock(recovery = true) {
  await firstStart()
  const app = await start()
  await app.open()
  await app.lock.enable({ passphrase, recovery, ...when })
  return app
}

const wrongOnes = ['', 'four words that nobody guesse', `${passphrase} `, passphrase.toUpperCase()]

describe('a profile with a passphrase', () => {
  test('opens nothing at a start before it is entered, and everything after', async () => {
    await withLock()
    const next = await start()
    expect(await next.open()).toMatchObject({ kind: 'closed', protection: 'strong', error: { code: 'locked' } })
    expect(next.lock.view()).toMatchObject({ phase: 'locked', cold: true, recovering: false })
    expect(next.lock.isClosed()).toBe(true)
    await next.lock.unlock(passphrase)
    expect(await (await next.vault()).readGrant('a1')).toEqual({ kind: 'found', value: grant })
    expect(next.lock.view().phase).toBe('open')
  })

  test('cannot be opened by the keyring alone', async () => {
    await withLock()
    const plain = await openVault({
      ...{ keyring: system, documents: folder.documents('vault'), log: fakeLog(), appVersion: '1' },
      ciphertextExists: () => true,
    })
    expect(plain).toMatchObject({ kind: 'closed', error: { code: 'secret_damaged' } })
  })

  test('stays shut for every other passphrase and deletes nothing', async () => {
    await withLock()
    const next = await start()
    await next.open()
    const before = next.documents.file('key').read()
    for (const wrong of wrongOnes) {
      await expect(next.lock.unlock(wrong)).rejects.toMatchObject({ code: 'passphrase_wrong' })
      next.clock.pass(300_000)
    }
    expect(next.documents.file('key').read()).toEqual(before)
    await next.lock.unlock(passphrase)
    expect((await next.open()).kind).toBe('open')
  })

  test('is wrapped anew when the keyring rotates, still under the passphrase', async () => {
    await withLock()
    system.mode = 'rotated'
    const next = await start()
    await next.open()
    await next.lock.unlock(passphrase)
    expect((await next.open()).kind).toBe('open')
    system.mode = 'ok'
    expect(await (await start()).open()).toMatchObject({ error: { code: 'locked' } })
  })

  test('opens with the new passphrase only after it was changed', async () => {
    const app = await withLock()
    await expect(app.lock.change('wrong wrong wrong', 'another long one')).rejects.toMatchObject({
      code: 'passphrase_wrong',
    })
    await app.lock.change(passphrase, 'another long one')
    const next = await start()
    await next.open()
    await expect(next.lock.unlock(passphrase)).rejects.toMatchObject({ code: 'passphrase_wrong' })
    await next.lock.unlock('another long one')
    expect((await next.open()).kind).toBe('open')
  })

  test('asks for none after it was switched off with it', async () => {
    const app = await withLock()
    await expect(app.lock.disable('wrong wrong wrong')).rejects.toMatchObject({ code: 'passphrase_wrong' })
    await app.lock.disable(passphrase)
    expect(app.lock.view()).toMatchObject({ phase: 'off', recovery: false })
    const next = await start()
    expect((await next.open()).kind).toBe('open')
    expect(next.lock.view().phase).toBe('off')
  })

  test('is left as it was when the new wrapping cannot be kept', async () => {
    await firstStart()
    const app = await start()
    await app.open()
    system.mode = 'locked'
    await expect(app.lock.enable({ passphrase, recovery: true, ...when })).rejects.toMatchObject({
      code: 'keyring_locked',
    })
    system.mode = 'ok'
    expect(app.lock.view()).toMatchObject({ phase: 'off', recovery: false })
    expect((await (await start()).open()).kind).toBe('open')
  })
})

describe('a keyring that lost its key', () => {
  test('costs nothing with a recovery copy: the passphrase brings back every sign-in, and the new keyring wraps from then on', async () => {
    await withLock()
    system.mode = 'lost'
    const next = await start()
    await next.open()
    expect(next.lock.view()).toMatchObject({ phase: 'locked', recovering: true })
    await next.lock.unlock(passphrase)
    expect(await (await next.vault()).readGrant('a1')).toEqual({ kind: 'found', value: grant })
    const again = await start()
    await again.open()
    expect(again.lock.view()).toMatchObject({ phase: 'locked', recovering: false })
    await again.lock.unlock(passphrase)
    expect((await again.open()).kind).toBe('open')
  })

  test.each(['garbage', 'zero-length'] as const)('and answers %s is recovered from as well', async (mode) => {
    await withLock()
    system.mode = mode
    const next = await start()
    await next.open()
    expect(next.lock.view()).toMatchObject({ phase: 'locked', recovering: true })
    system.mode = 'lost'
    await next.lock.unlock(passphrase)
    expect((await next.open()).kind).toBe('open')
  })

  test('is damage as ever without a recovery copy', async () => {
    await withLock(false)
    system.mode = 'lost'
    expect(await (await start()).open()).toMatchObject({ kind: 'closed', error: { code: 'secret_damaged' } })
  })

  test('is never asked in place of a locked one', async () => {
    await withLock()
    system.mode = 'locked'
    expect(await (await start()).open()).toMatchObject({ error: { code: 'keyring_locked' } })
  })
})

describe('guessing', () => {
  test('must wait longer and longer, and a restart or another wall clock does not shorten it', async () => {
    await withLock()
    let next = await start()
    await next.open()
    const waits: number[] = []
    for (let tries = 0; tries < 8; tries += 1) {
      await expect(next.lock.unlock('wrong wrong')).rejects.toMatchObject({ code: 'passphrase_wrong' })
      const { waitUntil } = next.lock.view()
      waits.push(waitUntil === null ? 0 : waitUntil - next.clock.now())
      next.clock.pass(waits.at(-1) ?? 0)
    }
    expect(waits).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000])
    next = await start()
    await next.open()
    next.clock.setWall(next.clock.now() + 86_400_000)
    await expect(next.lock.unlock(passphrase)).rejects.toMatchObject({ code: 'passphrase_wrong' })
    next.clock.pass(32_000)
    await next.lock.unlock(passphrase)
    expect(next.lock.view().waitUntil).toBeNull()
  })

  test('side by side waits as well: only the first tries are free', async () => {
    await withLock()
    const next = await start()
    await next.open()
    const tries = Array.from({ length: 6 }, () => next.lock.unlock('wrong wrong').catch((error: unknown) => error))
    const messages = (await Promise.all(tries)).map((error) => (error as Error).message)
    expect(messages.filter((message) => message.startsWith('This is not'))).toHaveLength(3)
    expect(messages.filter((message) => message.startsWith('The next try'))).toHaveLength(3)
  })

  test('is not logged with what was tried', async () => {
    const app = await withLock()
    app.lock.lock()
    await app.lock.unlock('tried-this-one').catch(() => undefined)
    await app.lock.unlock(passphrase)
    const log = JSON.stringify(app.log.lines)
    expect(log).not.toContain('tried-this-one')
    expect(log).not.toContain(passphrase)
  })
})

describe('locking', () => {
  test('follows idle time, the lock of the system, and the person', async () => {
    const { lock } = await withLock()
    const phases: string[] = []
    lock.onChange(({ phase }) => phases.push(phase))
    lock.noteIdle(299)
    expect(lock.isClosed()).toBe(false)
    lock.noteIdle(300)
    expect(lock.view()).toMatchObject({ phase: 'locked', cold: false })
    await lock.unlock(passphrase)
    lock.noteSystemLocked()
    expect(lock.isClosed()).toBe(true)
    await lock.unlock(passphrase)
    lock.configure({ idleMinutes: null, withSystem: false })
    lock.noteIdle(1_000_000)
    lock.noteSystemLocked()
    expect(lock.isClosed()).toBe(false)
    lock.lock()
    expect(lock.isClosed()).toBe(true)
    expect(phases).toEqual(['locked', 'open', 'locked', 'open', 'open', 'locked'])
  })

  test('does nothing without a passphrase', async () => {
    await firstStart()
    const { lock, open } = await start()
    await open()
    lock.noteIdle(1_000_000)
    lock.noteSystemLocked()
    lock.lock()
    expect(lock.view().phase).toBe('off')
  })

  test('takes no passphrase that is too short', async () => {
    await firstStart()
    const { lock, open } = await start()
    await open()
    await expect(lock.enable({ passphrase: 'seven77', recovery: true, ...when })).rejects.toMatchObject({
      code: 'bad_request',
    })
    expect(lock.view().phase).toBe('off')
  })

  test('that the organisation wants is closed until there is a passphrase, cannot be switched off, and keeps to its time', async () => {
    await firstStart()
    const { lock, open } = await start({ maxIdleMinutes: 3, withSystem: true })
    await open()
    expect(lock.view()).toMatchObject({ phase: 'required', managed: true, maxIdleMinutes: 3 })
    expect(lock.isClosed()).toBe(true)
    await lock.enable({ passphrase, recovery: true, idleMinutes: 60, withSystem: false })
    expect(lock.view()).toMatchObject({ phase: 'open', idleMinutes: 3, withSystem: true })
    await expect(lock.disable(passphrase)).rejects.toMatchObject({ code: 'policy_forbids' })
    lock.noteIdle(180)
    expect(lock.isClosed()).toBe(true)
  })
})

describe('the record of the lock', () => {
  test('names who closed it, wrong tries, its opening and each new passphrase, and no passphrase', async () => {
    await firstStart()
    const { clock, lock, open, recorded } = await start()
    await open()
    await lock.enable({ passphrase, recovery: true, idleMinutes: 5, withSystem: true })
    lock.lock()
    await expect(lock.unlock('not this one')).rejects.toMatchObject({ code: 'passphrase_wrong' })
    clock.pass(3_600_000)
    await lock.unlock(passphrase)
    lock.noteIdle(300)
    await lock.unlock(passphrase)
    lock.noteSystemLocked()
    expect(recorded().slice(1)).toEqual([
      'The passphrase of the app lock was changed',
      'Manydesk was locked by its user',
      'Manydesk stayed locked: 1 wrong try',
      'Manydesk was unlocked',
      'Manydesk was locked after a time without use',
      'Manydesk was unlocked',
      'Manydesk was locked with the computer',
    ])
    expect(JSON.stringify(recorded())).not.toContain(passphrase)
  })

  test('has wrong tries at a start, though the log is closed until the right one, over crashes and with their times', async () => {
    await withLock()
    const first = await start()
    await first.open()
    await expect(first.lock.unlock('not this one')).rejects.toMatchObject({ code: 'passphrase_wrong' })
    expect(first.recorded().slice(1)).toEqual([])

    // Killed; the next start goes on counting.
    const second = await start()
    await second.open()
    second.clock.pass(60_000)
    await expect(second.lock.unlock('nor this one')).rejects.toMatchObject({ code: 'passphrase_wrong' })
    await second.lock.unlock(passphrase)
    await second.open()
    expect(second.recorded().slice(1)).toEqual([
      'Manydesk stayed locked at a start: 1 wrong try (2023-11-14 22:13:20 UTC)',
      'Manydesk stayed locked at a start: 2 wrong tries (2023-11-14 22:14:20 UTC)',
      'Manydesk was unlocked',
    ])

    const third = await start()
    await third.open()
    await third.lock.unlock(passphrase)
    await third.open()
    expect(third.recorded().slice(1)).toEqual(['Manydesk was unlocked'])
  })

  test('has a try whose end nobody saw, because the app was killed in the middle of it', async () => {
    await withLock()
    const { lock, open } = await start()
    await open()
    deriveWaits = new Promise(() => undefined)
    void lock.unlock('not this one')
    await new Promise(setImmediate)
    deriveWaits = null
    const next = await start()
    await next.open()
    await next.lock.unlock(passphrase)
    await next.open()
    expect(next.recorded()[1]).toMatch(/^Manydesk stayed locked at a start: 1 wrong try/)
  })
})

describe('a forgotten passphrase', () => {
  test('sets the vault aside, as it is, and begins anew', async () => {
    await withLock()
    const next = await start()
    await next.open()
    next.lock.giveUp()
    setVaultAside(next.documents)
    expect(next.documents.file('recovery').read().kind).toBe('absent')
    expect(next.lock.view().phase).toBe('off')
  })

  test('is no way past a lock while the app works behind it', async () => {
    const { lock } = await withLock()
    lock.lock()
    expect(() => lock.giveUp()).toThrow(expect.objectContaining({ code: 'not_supported' }))
    expect(lock.isClosed()).toBe(true)
  })
})
