import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector } from '../connectors/connector.ts'
import type { DoctorOptions } from '../diagnostics/doctor/doctor.ts'
import type { SignedInAccount, Subject } from '../diagnostics/doctor/model.ts'
import { AppError } from '../errors.ts'
import type { VendorAccess } from '../inbox/vendor-access.ts'
import type { Clients } from '../oauth/clients.ts'
import type { Handshakes } from '../oauth/handshake.ts'
import type { Vault } from '../oauth/model.ts'
import type { Grants } from '../oauth/refresh.ts'
import { isServiceWay } from '../oauth/service-grant.ts'

interface SubjectPorts {
  accounts: Pick<Accounts, 'find'>
  clients: Pick<Clients, 'of'>
  vault: Pick<Vault, 'readGrant'>
  grants: Pick<Grants, 'tokens'>
  handshakes: Pick<Handshakes, 'list' | 'about' | 'trace'>
  connectorFor(vendor: string): Connector | null
  contextFor: VendorAccess['contextFor']
}

/** Finds what a connection test is about. */
export function createDoctorSubjects(ports: SubjectPorts): DoctorOptions['subjectOf'] {
  return (question) =>
    'accountId' in question ? ofAccount(ports, question.accountId) : ofAttempt(ports, question.attemptId)
}

function ofAccount(ports: SubjectPorts, accountId: string): ReturnType<DoctorOptions['subjectOf']> {
  const account = ports.accounts.find(accountId)
  if (account === null) throw new AppError('not_found', 'That account does not exist any more.')
  const connector = ports.connectorFor(account.vendor)
  if (connector === null) {
    throw new AppError('not_supported', `This version of Manydesk does not know ${account.vendor}.`, {
      action: 'Install the newest Manydesk.',
    })
  }
  const last = ports.handshakes.list().findLast((view) => view.accountId === accountId)
  const { site, siteLabel, way, redirect, trouble } = account
  const story = last === undefined ? [] : ports.handshakes.trace(last.attemptId)
  // What an older sign-in met says nothing about an account that has signed in since.
  const told = last?.step === 'done' ? story.filter(({ error, received }) => error === null && !received.error) : story
  const subject: Subject = {
    connector,
    site,
    siteLabel,
    way,
    redirect,
    account,
    trouble,
    client: () => ports.clients.of(account),
    story: told,
  }
  return { subject, signedIn: signedInAs(ports, account), attemptId: null }
}

function signedInAs({ contextFor, vault, grants }: SubjectPorts, { id, way }: Account): SignedInAccount {
  return {
    context: (signal) => contextFor(id, signal, 'interactive'),
    async canRefresh() {
      const answer = await vault.readGrant(id)
      if (answer.kind === 'locked' || answer.kind === 'damaged') {
        throw new AppError('file_failed', 'The saved sign-in cannot be read right now.', { detail: answer.reason })
      }
      return answer.kind === 'found' && (isServiceWay(way) || answer.value.refreshToken !== null)
    },
    async refresh() {
      const tokens = grants.tokens(id)
      await tokens.renew(await tokens.current())
    },
  }
}

function ofAttempt(ports: SubjectPorts, attemptId: string): ReturnType<DoctorOptions['subjectOf']> {
  const { plan, client } = ports.handshakes.about(attemptId)
  const { connector, site, siteLabel, way, redirect } = plan
  const view = ports.handshakes.list().find((each) => each.attemptId === attemptId)
  const trouble = view?.error ?? null
  const story = ports.handshakes.trace(attemptId)
  const subject: Subject = { connector, site, siteLabel, way, redirect, account: null, trouble, client, story }
  return { subject, signedIn: null, attemptId }
}
