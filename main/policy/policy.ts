import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../errors.ts'

/** `policy.json`: `{"apiKeys": false}`. What is left out is allowed; what is not known is an error, because it was meant to forbid something. */
const policyFile = z.strictObject({
  /** False: accounts whose vendor has no OAuth (an API key in its place) cannot be connected, and existing ones rest. */
  apiKeys: z.boolean().default(true),
})

/** What an administrator allows on this workstation. */
export interface Policy {
  apiKeys: boolean
  /** What was wrong with a policy file: everything a policy could forbid is then forbidden. */
  notice: AppError | null
}

const nothingForbidden = { apiKeys: true }
const everythingForbidden = { apiKeys: false }

/** Reads all files there are; each can only forbid more. A file that cannot be read forbids everything. */
export function loadPolicy(files: readonly string[]): Policy {
  const read = files.map(readPolicy)
  return {
    apiKeys: read.every((each) => each.apiKeys),
    notice: read.find((each) => each.notice !== null)?.notice ?? null,
  }
}

function readPolicy(path: string): Policy {
  try {
    const parsed = policyFile.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (parsed.success) return { ...parsed.data, notice: null }
    const issue = parsed.error.issues[0]
    return { ...everythingForbidden, notice: unusable(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { ...nothingForbidden, notice: null }
    }
    const detail = error instanceof SyntaxError ? 'not JSON' : 'not readable'
    return { ...everythingForbidden, notice: unusable(path, detail) }
  }
}

function unusable(path: string, detail: string): AppError {
  return new AppError(
    'settings_damaged',
    'The policy of your organisation could not be read, so what it can forbid is forbidden.',
    {
      action: `Ask your administrator to correct ${path}, then start Manydesk again.`,
      detail,
    },
  )
}

/** Why an account with a key in place of OAuth may not be used; to be shown as it is. */
export function keysForbidden(): AppError {
  return new AppError('policy_forbids', 'Your organisation does not allow API keys.', {
    action: 'Ask your administrator, or use a helpdesk that signs in with OAuth.',
    outcome: 'not_sent',
  })
}
