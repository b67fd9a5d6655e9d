import { redactText } from './redact.ts'

/** One line of what happened in a sign-in. Nothing secret is ever in it: masked when it is noted, not when it is shown. */
export interface TraceEntry {
  /** Epoch milliseconds. */
  at: number
  /** `step`: we did something; `page`: a page was opened; `redirect`: an answer came back; `request`: a call of ours. */
  kind: 'step' | 'page' | 'redirect' | 'request'
  title: string
  method: string | null
  /** Without query. */
  url: string | null
  /** Parameters as sent, or as they came with a redirect. */
  sent: Record<string, string>
  status: number | null
  /** Members of the answer. */
  received: Record<string, string>
  ms: number | null
  /** Code of the error it ended with. */
  error: string | null
}

export interface Trace {
  step(title: string, error?: string): void
  page(title: string, url: string): void
  redirect(title: string, url: string): void
  /** A page of the vendor that came up in a sign-in window. */
  visited(page: { url: string; title: string; status: number }): void
  /** Call the answer once, with what came or with the error's code. */
  request(
    title: string,
    method: string,
    url: string,
    sent: Iterable<[string, string]>,
  ): (answer: { status: number; body: Record<string, unknown> | null } | { error: string }) => void
  entries(): TraceEntry[]
}

/** Names whose values say nothing secret and a person needs to see. Whatever is not here is masked. */
const open = new Set([
  ...[
    'response_type',
    'response_mode',
    'redirect_uri',
    'scope',
    'scopes',
    'optional_scope',
    'prompt',
    'access_type',
    'grant_type',
  ],
  ...[
    'code_challenge_method',
    'include_granted_scopes',
    'audience',
    'resource',
    'domain_hint',
    'tenant',
    'expiring',
    'shop',
  ],
  ...[
    'error',
    'error_codes',
    'error_uri',
    'error_subtype',
    'status',
    'category',
    'token_type',
    'expires_in',
    'ext_expires_in',
  ],
  ...[
    'refresh_token_expires_in',
    'expires_in_sec',
    'iss',
    'location',
    'accounts-server',
    'api_domain',
    'interval',
    'verification_uri',
  ],
  ...['hub_id', 'hub_domain', 'token_type_hint', 'client_assertion_type', 'associated_user_scope', 'host'],
])
/** Free words of a vendor: shown, without what looks secret, where they tell of a refusal. In a good answer they could be anything. */
const words = new Set(['error_description', 'message', 'description', 'error_message'])

const mostEntries = 200
const mostParameters = 40

/** The value as it may be seen: itself, its words without secrets, or only how long it is. */
export function maskedValue(name: string, value: string, refused = false): string {
  if (open.has(name)) return redactText(value).slice(0, 500)
  if (refused && words.has(name)) return redactText(value).slice(0, 300)
  return value === '' ? '' : `•••• (${value.length} characters)`
}

function masked(parameters: Iterable<[string, string]>, refused = false): Record<string, string> {
  const list = [...parameters].slice(0, mostParameters)
  return Object.fromEntries(
    list.map(([name, value]) => [redactText(name).slice(0, 80), maskedValue(name, value, refused)]),
  )
}

function maskedBody(body: Record<string, unknown> | null, refused: boolean): Record<string, string> {
  const members = Object.entries(body ?? {})
  return masked(
    members.map(([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
    refused,
  )
}

function placeOf(text: string): { url: string; parameters: URLSearchParams } {
  if (!URL.canParse(text)) return { url: redactText(text).slice(0, 200), parameters: new URLSearchParams() }
  const { protocol, host, pathname, searchParams } = new URL(text)
  return { url: `${protocol}//${host}${redactText(pathname)}`, parameters: searchParams }
}

/** The trace of one sign-in, bounded. @param now epoch milliseconds */
export function createTrace(now: () => number): Trace {
  const entries: TraceEntry[] = []
  const blank = { method: null, url: null, sent: {}, status: null, received: {}, ms: null, error: null }
  const add = (entry: Partial<TraceEntry> & Pick<TraceEntry, 'kind' | 'title'>): TraceEntry => {
    const whole = { ...blank, at: now(), ...entry }
    if (entries.length < mostEntries) entries.push(whole)
    return whole
  }
  return {
    step: (title, error) => void add({ kind: 'step', title, error: error ?? null }),
    page(title, text) {
      const { url, parameters } = placeOf(text)
      add({ kind: 'page', title, method: 'GET', url, sent: masked(parameters) })
    },
    redirect(title, text) {
      const { url, parameters } = placeOf(text)
      add({ kind: 'redirect', title, url, received: masked(parameters, true) })
    },
    visited(page) {
      const { url, parameters } = placeOf(page.url)
      const title = redactText(page.title).slice(0, 120) || 'Untitled page'
      add({
        kind: 'page',
        title: `Came up: ${title}`,
        method: 'GET',
        url,
        sent: masked(parameters),
        status: page.status,
      })
    },
    request(title, method, text, sent) {
      const { url, parameters } = placeOf(text)
      const entry = add({ kind: 'request', title, method, url, sent: masked([...parameters, ...sent]) })
      return (answer) => {
        entry.ms = Math.max(0, now() - entry.at)
        if ('error' in answer) entry.error = answer.error
        else {
          entry.status = answer.status
          entry.received = maskedBody(answer.body, answer.status >= 400)
        }
      }
    },
    entries: () => structuredClone(entries),
  }
}
