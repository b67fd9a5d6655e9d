import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { isObject } from '../envelopes.ts'

/**
 * The files of a Freshworks app (FDK): `config/oauth_config.json`, `config/requests.json`, `config/iparams.json`.
 * https://developers.freshworks.com/docs/app-sdk/ (request method, OAuth). Platform 2.3 has one flat OAuth object and `"isOAuth": true`; 3.0 and
 * later have several under `integrations` and name one with `"oauth"`.
 */

const input = z.looseObject({
  display_name: z.string().catch(''),
  description: z.string().catch(''),
  type: z.string().catch('text'),
  required: z.boolean().catch(false),
  secure: z.boolean().catch(false),
  options: z.array(z.unknown()).optional().catch(undefined),
})
export type Input = z.infer<typeof input>

const integration = z.looseObject({
  display_name: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  authorize_url: z.string(),
  token_url: z.string(),
  token_type: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional().catch(undefined),
  oauth_iparams: z.record(z.string(), input).optional().catch(undefined),
})
export type Integration = z.infer<typeof integration>

const textMap = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))

const request = z.looseObject({
  schema: z.looseObject({
    protocol: z.string().optional(),
    method: z.string().catch('GET'),
    host: z.string(),
    path: z.string().catch('/'),
    headers: textMap.optional().catch(undefined),
    query: textMap.optional().catch(undefined),
  }),
  options: z.record(z.string(), z.unknown()).optional().catch(undefined),
})
export type AppRequest = z.infer<typeof request>

export interface FreshworksApp {
  /** By name; the flat form of platform 2.3 has one, with the empty name. */
  integrations: Map<string, Integration>
  requests: Map<string, AppRequest>
  iparams: Map<string, Input>
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw wrong(name, error instanceof Error ? error.message : 'not JSON')
  }
}

const wrong = (name: string, why: string) =>
  new AppError('bad_request', `${name} is not what a Freshworks app has.`, {
    action: 'Choose the file from the "config" folder of the app.',
    detail: `${name}: ${why.slice(0, 200)}`,
  })

function read<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrong(name, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`)
}

/** @throws AppError `bad_request` for files that are not of a Freshworks app */
export function readApp(texts: { oauthConfig: string; requests: string; iparams?: string }): FreshworksApp {
  const oauth = readJson('oauth_config.json', texts.oauthConfig)
  if (!isObject(oauth)) throw wrong('oauth_config.json', 'not an object')
  const several = isObject(oauth.integrations) ? oauth.integrations : null
  const integrations =
    several === null
      ? new Map([['', read(integration, 'oauth_config.json', oauth)]])
      : new Map(
          Object.entries(several).map(([name, each]) => [name, read(integration, `oauth_config.json, ${name}`, each)]),
        )
  if (integrations.size === 0) throw wrong('oauth_config.json', 'no integration')
  const requests = read(z.record(z.string(), z.unknown()), 'requests.json', readJson('requests.json', texts.requests))
  const inputs = texts.iparams === undefined ? {} : readJson('iparams.json', texts.iparams)
  return {
    integrations,
    requests: new Map(
      Object.entries(requests).map(([name, each]) => [name, read(request, `requests.json, ${name}`, each)]),
    ),
    iparams: new Map(
      Object.entries(isObject(inputs) ? inputs : {}).flatMap(([name, each]) => {
        const parsed = input.safeParse(each)
        return parsed.success ? [[name, parsed.data] as const] : []
      }),
    ),
  }
}
