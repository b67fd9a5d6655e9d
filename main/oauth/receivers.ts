import type { RedirectKind } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import type {
  AuthWindowOutcome,
  AuthWindowsPort,
  BrowserPort,
  LoopbackListener,
  LoopbackPort,
  VisitedPage,
} from '../ports.ts'
import { loopbackPath, redirectUris } from './model.ts'
import type { SignInPlan } from './saving.ts'
import { requestOutcome } from './sign-in-errors.ts'
import { redirectParameters, singleValue } from './transaction.ts'

export interface ReceiverPorts {
  authWindows: AuthWindowsPort
  browser: BrowserPort
  loopback: LoopbackPort
  /** Hears of each page that came up in a sign-in window. */
  onPage?: (page: VisitedPage) => void
}

/** How the answer to one authorization request comes back. Opened before the request is made, because its address is part of it. */
export interface Receiver {
  /** As sent to the authorization and token endpoints. */
  redirectUri: string
  /** Where the answer arrives, query apart. The hand-over page passes it on to the custom protocol, so the two may differ. */
  arrivesAt: string
  /** True where the answer comes as a deep link, found by its state. */
  byLink: boolean
  /** True where the page is still there, and showing it again is bringing it to the front. */
  keepsPage: boolean
  /** Shows the sign-in page and waits for the answer: its URL. @throws AppError */
  receive(request: { authorizeUrl: string; state: string }): Promise<string>
  /** Brings the page to the front, or opens it again. */
  show(authorizeUrl: string): void
  /** Ends waiting and leaves nothing open. Any number of times. */
  close(): void
}

/** @throws AppError `handshake_port_blocked`, `handshake_not_registered` before anything is shown */
export async function openReceiver(ports: ReceiverPorts, plan: SignInPlan): Promise<Receiver> {
  const redirect = plan.redirect ?? 'handover'
  if (plan.way === 'auth-window') return windowReceiver(ports, plan, redirect)
  if (redirect === 'loopback') return loopbackReceiver(ports, plan)
  return linkReceiver(ports, redirect)
}

/** A window of ours catches the redirect before it loads. */
function windowReceiver({ authWindows, onPage }: ReceiverPorts, plan: SignInPlan, redirect: RedirectKind): Receiver {
  const redirectUri = redirectUris[redirect]
  return {
    redirectUri,
    arrivesAt: redirectUri,
    byLink: false,
    keepsPage: true,
    receive: async ({ authorizeUrl }) => {
      const title = `Sign in to ${plan.siteLabel}`
      const { attemptId, partition, connector } = plan
      const refused = connector.signIn.kind === 'oauth' ? connector.signIn.refusesWindow : undefined
      const request = { attemptId, partition, authorizeUrl, redirectUri, title }
      return readOutcome(
        plan,
        await authWindows.open({ ...request, ...(refused && { refused }), ...(onPage && { onPage }) }),
      )
    },
    show: () => authWindows.focus(plan.attemptId),
    close: () => authWindows.close(plan.attemptId),
  }
}

function readOutcome(plan: SignInPlan, outcome: AuthWindowOutcome): string {
  switch (outcome.kind) {
    case 'redirected':
      return outcome.url
    case 'cancelled':
      throw new AppError('handshake_cancelled', `Signing in to ${plan.siteLabel} was cancelled.`, {
        action: 'Nothing was changed.',
      })
    case 'closed':
      throw new AppError('handshake_closed', `The sign-in window for ${plan.siteLabel} was closed.`, {
        action: 'Connect again when you are ready.',
      })
    case 'refused':
      throw new AppError(
        'handshake_window_refused',
        `${plan.connector.name} does not allow signing in inside an app.`,
        {
          action: 'Use your browser instead.',
        },
      )
    case 'failed':
      throw requestOutcome(new Error(outcome.reason), plan.siteLabel)
  }
}

/** The system browser; the answer comes as a deep link, which `handshake.ts` hands to the attempt that awaits its state. */
function linkReceiver({ browser }: ReceiverPorts, redirect: RedirectKind): Receiver {
  if (!browser.linksArrive()) {
    throw new AppError(
      'handshake_not_registered',
      'This desktop does not bring the browser’s answer back to Manydesk.',
      {
        action: 'Use another way to sign in, or install Manydesk with its package so that its links are registered.',
      },
    )
  }
  return {
    redirectUri: redirectUris[redirect],
    arrivesAt: redirectUris.app,
    byLink: true,
    keepsPage: false,
    receive: async ({ authorizeUrl }) => {
      await browser.openExternal(authorizeUrl)
      return new Promise(() => undefined)
    },
    show: (authorizeUrl) => void browser.openExternal(authorizeUrl).catch(() => undefined),
    close: () => undefined,
  }
}

/** The system browser; the answer comes to a port of this computer that is open for this sign-in only (RFC 8252 7.3). */
async function loopbackReceiver({ browser, loopback }: ReceiverPorts, plan: SignInPlan): Promise<Receiver> {
  let wanted = ''
  const isMine = (url: string) => {
    const parameters = redirectParameters(url, listener.address)
    return parameters !== null && wanted !== '' && singleValue(parameters, 'state') === wanted
  }
  const listener: LoopbackListener = await loopback.listen(loopbackPath, isMine)
  const { signIn } = plan.connector
  const host = (signIn.kind === 'oauth' && signIn.loopbackHost) || '127.0.0.1'
  const redirectUri = listener.address.replace('127.0.0.1', host)
  return {
    redirectUri,
    arrivesAt: listener.address,
    byLink: false,
    keepsPage: false,
    receive: async ({ authorizeUrl, state }) => {
      wanted = state
      await browser.openExternal(authorizeUrl)
      return listener.received
    },
    show: (authorizeUrl) => void browser.openExternal(authorizeUrl).catch(() => undefined),
    close: () => listener.close(),
  }
}
