import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { CustomScheme } from 'electron'

export const appScheme = 'app'
const appHost = 'manydesk'
export const mainPage = '/index.html'
export const authBarPage = '/auth-bar.html'

/** Never `bypassCSP` or `allowServiceWorkers`; `corsEnabled` because fetch support alone left a scheme readable (CVE-2026-70604). */
export const appSchemePrivileges: CustomScheme = {
  scheme: appScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
}

/**
 * One policy for every page of ours. A message frame inherits it, so this is also what customer HTML may do: nothing but show itself.
 * Styles come from our own files or are set one by one by our scripts, never as text of a page.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

const fixedHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** What is served: request path to file on disk. */
export type AppFiles = ReadonlyMap<string, string>

/** Address of a page of ours, with state for it behind the hash. */
export function appUrl(page: string, hash = ''): string {
  return `${appScheme}://${appHost}${page}${hash === '' ? '' : `#${hash}`}`
}

/**
 * True for an address of our own pages; with `page`, for exactly that one. Compares protocol and host, because `.origin` is the
 * text "null" for every custom scheme.
 */
export function isAppUrl(text: string, page?: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== `${appScheme}:` || url.host !== appHost || url.username !== '' || url.password !== '') {
    return false
  }
  return page === undefined || pathOf(url) === page
}

function pathOf(url: URL): string {
  return url.pathname === '' || url.pathname === '/' ? mainPage : url.pathname
}

/** Lists a build folder once, so that no request text ever takes part in building a path. */
export async function listAppFiles(folder: string): Promise<AppFiles> {
  const files = new Map<string, string>()
  const walk = async (path: string, prefix: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const file = join(path, entry.name)
      if (entry.isDirectory()) await walk(file, `${prefix}/${entry.name}`)
      else if (contentTypes[extname(entry.name)] !== undefined) files.set(`${prefix}/${entry.name}`, file)
    }
  }
  await walk(folder, '')
  return files
}

/** Answers `app://manydesk/...` from the list of files; everything else is 404 with the same headers. */
export function createAppHandler(files: AppFiles): (request: Request) => Promise<Response> {
  return async (request) => {
    const file = request.method === 'GET' ? findFile(files, request.url) : undefined
    const type = file === undefined ? undefined : contentTypes[extname(file)]
    if (file === undefined || type === undefined) return new Response(null, { status: 404, headers: fixedHeaders })
    return new Response(new Uint8Array(await readFile(file)), { headers: { ...fixedHeaders, 'content-type': type } })
  }
}

/** The file behind an address, or undefined. Dots, escapes, other hosts, ports and userinfo find nothing. */
function findFile(files: AppFiles, url: string): string | undefined {
  return isAppUrl(url) ? files.get(pathOf(new URL(url))) : undefined
}
