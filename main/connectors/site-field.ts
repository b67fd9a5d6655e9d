import { AppError } from '../errors.ts'

/**
 * Reduces what people paste (an address with or without https, a host, a plain name, any case) to the name in front of `.domain`.
 * @throws AppError `site_invalid`
 */
export function readSubdomain(text: string, domain: string, example: string): string {
  const host = hostOf(text)
  const name = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name
  throw new AppError('site_invalid', `This is not an address at ${domain}.`, {
    action: `Enter the address as you see it in the browser, for example ${example}.${domain}.`,
  })
}

function hostOf(text: string): string {
  const typed = text.trim().toLowerCase()
  const withoutScheme = typed.replace(/^https?:\/\//, '')
  return (withoutScheme.split(/[/?#]/, 1)[0] ?? '').replace(/:\d+$/, '').replace(/\.$/, '')
}
