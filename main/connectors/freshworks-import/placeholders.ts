/** Placeholders of Freshworks templates, `<%= oauth_iparams.x %>` or `{{ oauth_iparams.x }}`, as those of a manifest. */

/** A name as a manifest can have it: `ticketId` and `Ticket-ID` become `ticket_id`. */
export function plainName(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
  return /^[a-z]/.test(words) ? words.slice(0, 40) : `x_${words}`.slice(0, 40)
}

/** What apps usually call what Manydesk gives to a request. */
const contextNames: readonly [RegExp, string][] = [
  [
    /^(id|(ticket|case|conversation|issue|item|record|entry|request|query|thread)_?(id|number|key)?)$/,
    'conversation.id',
  ],
  [/^(page|page_?(number|no|num))$/, 'page'],
  [/^(per_?page|page_?size|limit|count|size)$/, 'size'],
  [/^(offset|start|start_?at|skip)$/, 'offset'],
  [/^(cursor|next|after|page_?token|next_?token|continuation)$/, 'cursor'],
  [/^(since|updated_?(since|after|at|from)|modified_?(since|after)|changed_?since|from_?date|start_?date)$/, 'since'],
  [/^(user|agent|me|current_user)_?id$/, 'me.id'],
]

/** The variable of a manifest that a `context` value probably is, or null. */
export function contextVariable(name: string): string | null {
  const plain = plainName(name)
  return contextNames.find(([form]) => form.test(plain))?.[1] ?? null
}

export interface Converted {
  text: string
  /** Names of `iparam` and `oauth_iparams` values in it. */
  inputs: string[]
  /** `context` values that are known by no name, as they are written. */
  unknown: string[]
  /** Expressions that only code can carry out. */
  code: string[]
}

/** Rewrites the placeholders of a text. What is not understood stays as it is, so that validation points at it. */
export function convert(text: string): Converted {
  const inputs: string[] = []
  const unknown: string[] = []
  const code: string[] = []
  const rewritten = text.replace(
    /<%=\s*([\s\S]*?)\s*%>|\{\{\s*([\s\S]*?)\s*\}\}/g,
    (whole, first?: string, second?: string) => {
      const inner = first ?? second ?? ''
      if (inner === 'access_token') return '<%= access_token %>'
      const [, kind, name] = /^(oauth_iparams|iparams?|context)\.([\w-]+)$/.exec(inner) ?? []
      if (kind === undefined || name === undefined) {
        code.push(inner)
        return whole
      }
      if (kind !== 'context') {
        inputs.push(name)
        return `<%= account.${plainName(name)} %>`
      }
      const variable = contextVariable(name)
      if (variable === null) unknown.push(name)
      return `<%= ${variable ?? `context.${name}`} %>`
    },
  )
  return { text: rewritten, inputs, unknown, code }
}
