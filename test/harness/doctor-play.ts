import { connectors } from '../../main/connectors/registry.ts'
import { createDoctor, type Doctor, type DoctorRan, type DoctorRun } from '../../main/diagnostics/doctor/doctor.ts'
import type { AuthWindowOutcome, AuthWindowRequest } from '../../main/ports.ts'
import { createDoctorSubjects } from '../../main/workstation/doctor-subjects.ts'
import { createVendorHttp } from '../../main/workstation/vendor-http.ts'
import { PocketBrowser } from '../sandbox/browser.ts'
import { sandboxFetch, sandboxMachine } from '../sandbox/client.ts'
import { registeredRedirectUris } from '../sandbox/directory.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { type Desk, openDesk } from '../unit/oauth/support/desk.ts'
import { unrestricted } from '../unit/policy/policies.ts'
import type { DoctorCase } from './doctor-cases.ts'

export interface Played {
  run: DoctorRun
  ran: DoctorRan[]
  /** Every event, oldest first. */
  progress: DoctorRun[]
  desk: Desk
  doctor: Doctor
}

/** Plays one case through the services of the app, without its windows, and asks the doctor. `look` sees it before everything is closed. */
export async function playCase<T>(
  sandbox: Sandbox,
  each: DoctorCase,
  look: (played: Played) => T | Promise<T>,
): Promise<T> {
  const machine = sandboxMachine(sandbox)
  const browser = sandboxFetch(sandbox)
  try {
    const { desk, doctor, progress, ran } = await openDoctor(machine, each)
    desk.window = (request) => visit(sandbox, browser.fetch, each, request)
    const request = {
      vendor: each.connector,
      site: each.site,
      client: clientOf(sandbox, each),
      way: 'auth-window',
      redirect: 'handover',
    } as const
    if (each.about === 'sign-in') await each.trouble(sandbox.control)
    const view = await desk.connect(request)
    if (each.about === 'account') await each.trouble(sandbox.control)
    const question = each.about === 'account' ? { accountId: view.accountId ?? '' } : { attemptId: view.attemptId }
    const run = await doctor.ended(doctor.start(question).runId)
    const seen = await look({ run, ran, progress, desk, doctor })
    desk.close()
    return seen
  } finally {
    await sandbox.control.clearFaults()
    await Promise.all([machine.close(), browser.close()])
  }
}

async function openDoctor({ fetch, probe }: ReturnType<typeof sandboxMachine>, each: DoctorCase) {
  const connector = each.described ?? connectors.find(({ id }) => id === each.connector)
  if (!connector) throw new Error(`There is no connector ${each.connector}`)
  let opened: Desk | undefined
  const there = (): Desk => {
    if (!opened) throw new Error('The desk is not open yet')
    return opened
  }
  const connectorFor = (vendor: string) => (vendor === connector.id ? connector : null)
  const common = { connectorFor, policy: unrestricted(), fetch, timeoutMs: 12_000 }
  const wall = { now: Date.now, monotonic: () => performance.now() }
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const http = createVendorHttp({
    ...common,
    accounts: { find: (id) => there().accounts.find(id) },
    clock: wall,
    log: quiet,
  })
  const visitor = async () => {
    throw new Error('not used')
  }
  const desk = await openDesk({
    authority: { fetch, visit: visitor },
    connector,
    fetch,
    httpFor: http.httpFor,
    timeoutMs: 12_000,
  })
  desk.clock.setWall(Date.now())
  opened = desk
  const progress: DoctorRun[] = []
  const ran: DoctorRan[] = []
  const { contextFor } = http.access(desk.grants)
  const doctor = createDoctor({
    ...common,
    probe,
    clock: wall,
    log: desk.log,
    isOnline: () => true,
    doctorChanged: (run) => progress.push(run),
    doctorRan: (outcome) => ran.push(outcome),
    subjectOf: createDoctorSubjects({ ...desk, connectorFor, contextFor }),
  })
  return { desk, doctor, progress, ran }
}

function clientOf(sandbox: Sandbox, { wish, clientSecret, client: strange }: DoctorCase) {
  if (strange !== undefined) return strange
  const client = sandbox.directory.clients.find(({ clientId }) => clientId === wish.clientId)
  if (!client) throw new Error(`The sandbox has no client ${wish.clientId}`)
  return { clientId: client.clientId, clientSecret: clientSecret ?? client.clientSecret }
}

/** The person's way through the vendor's pages; where it ends at a page, the window is closed. */
async function visit(
  { directory }: Sandbox,
  fetch: ReturnType<typeof sandboxFetch>['fetch'],
  { wish }: DoctorCase,
  request: AuthWindowRequest,
): Promise<AuthWindowOutcome> {
  const browser = new PocketBrowser(fetch, registeredRedirectUris)
  const user = directory.users.find(({ email, sites }) => email === wish.email && sites.includes(wish.site))
  try {
    let landing = await browser.open(request.authorizeUrl)
    const steps = {
      login: { email: wish.email, password: user?.password ?? '' },
      choose: { site: wish.site },
      allow: {},
    }
    for (const [step, fields] of Object.entries(steps)) {
      if (landing.kind === 'page' && landing.page.html.includes(`/${step}"`))
        landing = await browser.submit(landing.page, step, fields)
    }
    if (landing.kind === 'redirected') return { kind: 'redirected', url: landing.url.href }
    const { url, status, html } = landing.page
    request.onPage?.({ url, status, title: /<title>([^<]*)/.exec(html)?.[1] ?? '' })
    return { kind: 'closed' }
  } catch {
    return { kind: 'failed', reason: 'net::ERR_CERT_AUTHORITY_INVALID' }
  }
}
