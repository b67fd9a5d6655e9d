/** Where a connection really goes: another host and port, or nowhere. */
export type HostTarget = { host: string; port: number } | 'not-found'

interface Rule {
  pattern: RegExp
  excludes: boolean
  replacement: string
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${escaped}$`, 'i')
}

function parseRule(text: string): Rule {
  const [verb = '', pattern = '', replacement = ''] = text.trim().split(/\s+/)
  const excludes = verb.toUpperCase() === 'EXCLUDE'
  if (!excludes && (verb.toUpperCase() !== 'MAP' || !replacement)) throw new Error(`Bad host resolver rule: ${text}`)
  return { pattern: wildcard(pattern), excludes, replacement }
}

/**
 * Parses Chromium's `--host-resolver-rules` (`MAP pattern host[:port]`, `EXCLUDE pattern`, comma separated) into a
 * function from the asked host and port to the one to connect to. An EXCLUDE wins over every MAP, the first MAP wins
 * over later ones, as in net/base/host_mapping_rules.h.
 */
export function parseHostRules(text: string): (host: string, port: number) => HostTarget {
  const rules = text
    .split(',')
    .filter((part) => part.trim())
    .map(parseRule)
  const hits = (rule: Rule, host: string, port: number) =>
    rule.pattern.test(host) || rule.pattern.test(`${host}:${port}`)
  return (host, port) => {
    const matching = rules.filter((rule) => hits(rule, host, port))
    const rule = matching.find((candidate) => candidate.excludes) ?? matching[0]
    if (!rule || rule.excludes) return { host, port }
    if (/^[~^]NOTFOUND$/i.test(rule.replacement)) return 'not-found'
    const [, target = rule.replacement, mapped] = /^(.*?)(?::(\d+))?$/.exec(rule.replacement) ?? []
    return { host: target.replace(/^\[|\]$/g, ''), port: mapped ? Number(mapped) : port }
  }
}
