import { describe, expect, it } from 'vitest'
import { AppError } from '../../../main/errors.ts'
import type { Vault } from '../../../main/oauth/model.ts'
import type { VaultOpening } from '../../../main/oauth/vault.ts'
import { createStartup, type Progress, type StartupSteps } from '../../../main/workstation/startup.ts'
import { asAny, createLog } from '../desktop/fakes.ts'

const vault = asAny<Vault>({ name: 'stored vault' })
const sessionVault = asAny<Vault>({ name: 'session vault' })
const opened: VaultOpening = { kind: 'open', vault, protection: 'strong' }
const closed = (code: 'keyring_locked' | 'keyring_weak' | 'keyring_unavailable' | 'secret_damaged'): VaultOpening => ({
  kind: 'closed',
  protection: code === 'keyring_weak' ? 'weak' : 'strong',
  error: new AppError(code, `because ${code}`, { action: 'Do something.' }),
})

interface Script {
  vaults?: VaultOpening[]
  stores?: (AppError | Error | 'good')[]
}

function setUp(script: Script) {
  const vaults = [...(script.vaults ?? [opened])]
  const stores = [...(script.stores ?? ['good' as const])]
  const did: string[] = []
  const seen: Progress[] = []
  const steps: StartupSteps<string, string> = {
    openVault: async () => {
      did.push('vault')
      return vaults.shift() ?? opened
    },
    openVaultForThisSession: () => sessionVault,
    setVaultAside: () => void did.push('vault aside'),
    openStore: async (_vault, lasting) => {
      did.push(lasting ? 'store' : 'session store')
      const answer = stores.shift() ?? 'good'
      if (answer !== 'good') throw answer
      return 'store'
    },
    rebuildStore: async () => {
      did.push('rebuild')
      return 'new store'
    },
    run: async (given) => `running with ${asAny<{ name: string }>(given).name}`,
  }
  const startup = createStartup(steps, createLog())
  startup.onChange((progress) => seen.push(progress))
  return { startup, did, seen, phases: () => seen.map((each) => each.phase) }
}

describe('starting', () => {
  it('goes from keys over the store to ready', async () => {
    const { startup, phases, did } = setUp({})
    expect(startup.progress().phase).toBe('starting')
    expect(() => startup.running()).toThrow(expect.objectContaining({ code: 'store_unavailable' }))
    await startup.begin()
    expect(startup.running()).toBe('running with stored vault')
    expect(startup.progress()).toEqual({ phase: 'ready', trouble: null, protection: 'strong', sessionOnly: false })
    expect(did).toEqual(['vault', 'store'])
    expect(phases().at(-1)).toBe('ready')
  })

  it('waits for a locked keyring and goes on when it is unlocked', async () => {
    const { startup, did } = setUp({ vaults: [closed('keyring_locked'), opened] })
    await startup.begin()
    expect(startup.progress()).toMatchObject({ phase: 'keyring', trouble: { code: 'keyring_locked' } })
    expect(() => startup.running()).toThrow(expect.objectContaining({ code: 'keyring_locked' }))
    await startup.begin()
    expect(startup.progress().phase).toBe('ready')
    expect(did).toEqual(['vault', 'vault', 'store'])
  })

  it('asks once although the person presses twice', async () => {
    const { startup, did } = setUp({})
    await Promise.all([startup.begin(), startup.begin(), startup.begin()])
    expect(did).toEqual(['vault', 'store'])
  })

  it('goes on for this session only when the person says so, and keeps its data apart', async () => {
    const { startup, did } = setUp({ vaults: [closed('keyring_weak')] })
    await startup.begin()
    await startup.continueForThisSession()
    expect(startup.running()).toBe('running with session vault')
    expect(startup.progress()).toMatchObject({ phase: 'ready', sessionOnly: true, protection: 'weak' })
    expect(did).toEqual(['vault', 'session store'])
  })

  it('does not offer a session without keys while keys are fine', async () => {
    const { startup } = setUp({ stores: [new AppError('store_damaged', 'damaged')] })
    await startup.begin()
    await expect(startup.continueForThisSession()).rejects.toMatchObject({ code: 'not_supported' })
  })

  it('sets a damaged store aside on the word of the person, and only then', async () => {
    const { startup, did } = setUp({ stores: [new AppError('store_damaged', 'damaged'), 'good'] })
    await startup.begin()
    expect(startup.progress()).toMatchObject({ phase: 'store', trouble: { code: 'store_damaged' } })
    expect(did).not.toContain('rebuild')
    await startup.startOver()
    expect(startup.progress().phase).toBe('ready')
    expect(did).toEqual(['vault', 'store', 'vault', 'rebuild'])
  })

  it.each(['store_newer', 'store_full', 'store_unavailable', 'file_failed'] as const)(
    'never sets a store aside because of %s',
    async (code) => {
      const { startup, did } = setUp({ stores: [new AppError(code, 'no')] })
      await startup.begin()
      await expect(startup.startOver()).rejects.toMatchObject({ code: 'not_supported' })
      expect(did).not.toContain('rebuild')
    },
  )

  it('starts over with keys that cannot be read: both are kept under other names', async () => {
    const { startup, did } = setUp({ vaults: [closed('secret_damaged'), opened] })
    await startup.begin()
    await startup.startOver()
    expect(did).toEqual(['vault', 'vault aside', 'vault', 'store'])
    expect(startup.progress().phase).toBe('ready')
  })

  it('shows an unplanned failure as a state, without its text', async () => {
    const { startup } = setUp({ stores: [new Error('canary')] })
    await startup.begin()
    expect(startup.progress()).toMatchObject({ phase: 'store', trouble: { code: 'internal' } })
    expect(JSON.stringify(startup.progress())).not.toContain('canary')
    await startup.begin()
    expect(startup.progress().phase).toBe('ready')
  })
})
