import { join } from 'node:path'

/** Where an administrator puts files for everybody who uses this computer. Only read. */
export function machineFolder(platform: NodeJS.Platform, env: Record<string, string | undefined>): string {
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Manydesk')
  if (platform === 'darwin') return '/Library/Application Support/Manydesk'
  return '/etc/manydesk'
}

/**
 * The machine-wide folders of a policy. On Windows the usual place is read too where the environment names another one: who starts the app
 * can set that, and must not get rid of a policy by it.
 */
export function policyFolders(platform: NodeJS.Platform, env: Record<string, string | undefined>): string[] {
  const usual = platform === 'win32' ? [machineFolder(platform, {})] : []
  return [...new Set([...usual, machineFolder(platform, env)])]
}
