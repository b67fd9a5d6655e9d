import { afterAll, beforeAll } from 'vitest'
import { type SandboxFetch, sandboxFetch } from '../../sandbox/client.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts'
import { type SignedIn, SignInFlow, type SignInWish } from '../../sandbox/sign-in.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read vendor answers field by field and fail where a field is missing
  body: any
}

/** Calls of one signed-in person. */
export interface Api {
  signedIn: SignedIn
  flow: SignInFlow
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  send(method: string, url: string, body?: unknown): Promise<Answer>
}

export interface Bench {
  readonly sandbox: Sandbox
  readonly fetch: SandboxFetch
  flow(wish: SignInWish): SignInFlow
  api(site: string, email: string, wish?: Partial<SignInWish>): Promise<Api>
}

export async function answerOf(response: Awaited<ReturnType<SandboxFetch>>): Promise<Answer> {
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return { status: response.status, headers: new Headers([...response.headers]), text, body }
}

/** A sandbox for the tests of one file. */
export function sandboxBench(options: SandboxOptions = {}): Bench {
  let sandbox: Sandbox
  let client: ReturnType<typeof sandboxFetch>
  beforeAll(async () => {
    sandbox = await startSandbox(options)
    client = sandboxFetch(sandbox)
  })
  afterAll(async () => {
    await client.close()
    await sandbox.close()
  })
  const flow = (wish: SignInWish) => new SignInFlow(client.fetch, sandbox.directory, wish)
  return {
    get sandbox() {
      return sandbox
    },
    get fetch() {
      return client.fetch
    },
    flow,
    api: async (site, email, wish = {}) => {
      const run = flow({ site, email, ...wish })
      const signedIn = await run.run()
      const authorization = `Bearer ${signedIn.accessToken}`
      return {
        signedIn,
        flow: run,
        get: async (url, headers = {}) => answerOf(await client.fetch(url, { headers: { authorization, ...headers } })),
        send: async (method, url, body) =>
          answerOf(
            await client.fetch(url, {
              method,
              headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
              ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            }),
          ),
      }
    },
  }
}
