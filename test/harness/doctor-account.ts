import { existsSync } from 'node:fs'
import type { AccountView, DoctorRun } from '../../preload/contract.ts'
import { ensureBuilt } from './build.ts'
import { reportText } from './doctor-report.ts'
import { type AppDriver, launchApp } from './driver.ts'
import { chooseHost, describeHost } from './host.ts'
import { accountsOf } from './person.ts'
import { until } from './until.ts'

const longestMs = 180_000

/**
 * Tests one account of a real installation, through the app itself: only there can the keys be opened.
 * @returns the exit code: 0 when the connection works, 1 when not, 2 when it could not be tested
 */
export async function testAccount(wanted: string, profile: string, out: (text: string) => void): Promise<number> {
  if (!existsSync(profile)) {
    out(`There is no folder ${profile}. Name the data folder of Manydesk with --profile.`)
    return 2
  }
  const host = await chooseHost({ fetchElectron: false })
  out(describeHost(host))
  ensureBuilt()
  const app = await launchApp(host, { profile, network: null }).catch((error: unknown) => {
    out(
      `Manydesk could not be started with ${profile}. If it is open, quit it first, or use "Test this connection" there.`,
    )
    out(error instanceof Error ? (error.message.split('\n')[0] ?? '') : '')
    return null
  })
  if (app === null) return 2
  try {
    return await testIn(app, wanted, out)
  } finally {
    await app.quit().catch(() => app.kill())
  }
}

async function testIn({ window }: AppDriver, wanted: string, out: (text: string) => void): Promise<number> {
  const state = await window.evaluate(async () => {
    const answer = await globalThis.window.manydesk.app.state()
    return answer.ok ? answer.value : null
  })
  if (state?.phase !== 'ready') {
    out(state?.trouble?.message ?? 'Manydesk could not open its data.')
    out(
      state?.trouble?.action ??
        'The keyring of this session must be unlocked: run the command in the desktop session in which Manydesk runs.',
    )
    return 2
  }
  const accounts = await accountsOf(window)
  const account = findAccount(accounts, wanted)
  if (account === null) {
    out(`There is no account ${wanted}, or more than one. Known are:`)
    for (const each of accounts) out(`  ${nameOf(each)}  ${each.id}`)
    return 2
  }
  const run = await until('the test to end', () => ended(window, account.id), longestMs)
  out(reportText(run))
  return run.diagnosis?.cause === null ? 0 : 1
}

const started = new Map<string, string>()

async function ended(window: AppDriver['window'], accountId: string): Promise<DoctorRun | null> {
  const runId = started.get(accountId) ?? null
  const answer = await window.evaluate(
    async ([account, run]) => {
      const { doctor } = globalThis.window.manydesk
      return run === null ? doctor.start({ accountId: account ?? '' }) : doctor.run({ runId: run })
    },
    [accountId, runId] as [string, string | null],
  )
  if (!answer.ok) throw new Error(answer.error.message)
  started.set(accountId, answer.value.runId)
  return answer.value.state === 'running' ? null : answer.value
}

const nameOf = ({ user, siteLabel }: AccountView) => `${user.email ?? user.name}@${siteLabel}`

/** By id, or by user and site: `mia.berg@acme.example@acme.zendesk.com`, `mia.berg@acme.zendesk.com`, or the site alone where one account has it. */
export function findAccount<T extends Pick<AccountView, 'id' | 'siteLabel' | 'user'>>(
  accounts: readonly T[],
  wanted: string,
): T | null {
  const text = wanted.trim().toLowerCase()
  const byId = accounts.find(({ id }) => id === wanted)
  if (byId) return byId
  const fitting = accounts.filter(({ siteLabel, user }) => {
    const site = siteLabel.toLowerCase()
    const people = [user.email, user.email?.split('@')[0], user.name].map((name) => `${name?.toLowerCase()}@${site}`)
    return text === site || people.includes(text)
  })
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}
