import '../oauth/support/plain-node.ts'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppError } from '../../../main/errors.ts'
import type { Vault } from '../../../main/oauth/model.ts'
import type { KeyringPort } from '../../../main/ports.ts'
import { createStorage } from '../../../main/workstation/storage.ts'
import { asAny, createClock, createLog } from '../desktop/fakes.ts'

const workerUrl = new URL('../../../main/inbox/store-worker.ts', import.meta.url)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-storage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A keyring that turns every byte round, or answers as it is told. */
function createKeyring(protection: 'strong' | 'weak' = 'strong'): KeyringPort {
  const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a)
  return {
    backend: async () => 'test',
    protection: async () => protection,
    wrap: async (plain) => turn(plain),
    unwrap: async (wrapped) => ({ plain: turn(wrapped), reWrap: false }),
  }
}

const vaultWithKey = (): Vault => {
  const key = new Uint8Array(randomBytes(32))
  return asAny<Vault>({ purposeKey: async () => key })
}

function setUp(protection: 'strong' | 'weak' = 'strong') {
  const notices: AppError[] = []
  const storage = createStorage({
    folder,
    workerUrl,
    keyring: createKeyring(protection),
    appVersion: '1.0.0',
    clock: createClock(),
    log: createLog(),
    onNotice: (notice) => notices.push(notice),
  })
  const opened = async () => {
    const opening = await storage.openVault()
    if (opening.kind !== 'open') throw opening.error
    return opening.vault
  }
  return { storage, notices, opened }
}

describe('what is on disk', () => {
  it('opens with the same keys the next time', async () => {
    const first = setUp()
    const store = await first.storage.openStore(await first.opened(), true)
    await store.close()
    const second = setUp()
    const again = await second.storage.openStore(await second.opened(), true)
    expect((await again.counts()).total.all).toBe(0)
    await again.close()
  })

  it('is never given new keys while something sealed with the old ones is there', async () => {
    const { storage, opened } = setUp()
    await (await storage.openStore(await opened(), true)).close()
    rmSync(join(folder, 'vault'), { recursive: true })
    expect(await storage.openVault()).toMatchObject({ kind: 'closed', error: { code: 'secret_damaged' } })
    expect(existsSync(join(folder, 'vault', 'key.json'))).toBe(false)
  })

  it('starts anew on the word of the person, and the old files stay under other names', async () => {
    const { storage, opened } = setUp()
    await (await storage.openStore(await opened(), true)).close()
    writeFileSync(join(folder, 'vault', 'key.json'), 'damaged')
    writeFileSync(join(folder, 'vault', 'key.copy.json'), 'damaged')
    expect((await storage.openVault()).kind).toBe('closed')
    storage.setVaultAside()
    const store = await storage.openStore(await opened(), true)
    await store.close()
    const kept = readdirSync(folder).filter((name) => name.includes('damaged'))
    expect(kept.some((name) => name.startsWith('vault'))).toBe(true)
    expect(kept.some((name) => name.startsWith('inbox.db'))).toBe(true)
  })

  it('that cannot be read any more is replaced and kept, and a notice says so', async () => {
    const { storage, notices } = setUp()
    writeFileSync(join(folder, 'inbox.db'), randomBytes(64 * 1024))
    const vault = vaultWithKey()
    await expect(storage.openStore(vault, true)).rejects.toMatchObject({ code: 'store_damaged' })
    const store = await storage.rebuildStore(vault)
    await store.close()
    expect(notices).toEqual([expect.objectContaining({ code: 'store_damaged' })])
    expect(readdirSync(folder).some((name) => name.startsWith('inbox.db.damaged'))).toBe(true)
  })
})

describe('a session without keys', () => {
  it('has a local copy of its own and leaves the lasting one alone', async () => {
    const { storage, opened } = setUp()
    await (await storage.openStore(await opened(), true)).close()
    const session = await storage.openStore(storage.openVaultForThisSession(), false)
    await session.close()
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['inbox.db', 'session.db']))
    const again = await storage.openStore(await opened(), true)
    await again.close()
  })

  it('begins empty although an earlier one left its file', async () => {
    const { storage } = setUp('weak')
    for (let n = 0; n < 2; n++) {
      const store = await storage.openStore(storage.openVaultForThisSession(), false)
      expect((await store.counts()).total.all).toBe(0)
      await store.close()
    }
  })

  it('writes settings where there never was a vault, and nothing beside one', async () => {
    const weak = setUp('weak')
    weak.storage.documents(false).file('accounts').write({ version: 1 })
    expect(existsSync(join(folder, 'settings', 'accounts.json'))).toBe(true)
    const strong = setUp()
    await strong.opened()
    strong.storage.documents(false).file('brands').write({ version: 1 })
    expect(existsSync(join(folder, 'settings', 'brands.json'))).toBe(false)
  })
})
