export interface Route<Handler> {
  method: string
  /** For example `/api/v2/tickets/{id}`; a parameter matches one path segment. */
  path: string
  handler: Handler
}

export interface Match<Handler> {
  route: Route<Handler>
  params: Record<string, string>
}

/** Finds the route of a request. `pathKnown` tells a wrong method (405) from a wrong path (404). */
export function matcher<Handler>(
  routes: Route<Handler>[],
): (method: string, path: string) => { match?: Match<Handler>; pathKnown: boolean } {
  const compiled = routes.map((route) => {
    const names: string[] = []
    const pattern = route.path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name)
      return '([^/]+)'
    })
    return { route, names, pattern: new RegExp(`^${pattern}$`) }
  })
  return (method, path) => {
    let pathKnown = false
    for (const { route, names, pattern } of compiled) {
      const found = pattern.exec(path)
      if (!found) continue
      pathKnown = true
      if (route.method !== method) continue
      const params = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]))
      return { match: { route, params }, pathKnown }
    }
    return { pathKnown }
  }
}
