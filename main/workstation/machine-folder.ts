import { join } from 'node:path'

/** Where an administrator puts files for everybody who uses this computer. Only read. */
export function machineFolder(platform: NodeJS.Platform, env: Record<string, string | undefined>): string {
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Manydesk')
  if (platform === 'darwin') return '/Library/Application Support/Manydesk'
  return '/etc/manydesk'
}
