import { isMainThread } from 'node:worker_threads'

/**
 * `node --import <this file> <entry script> [switches]` runs an Electron app's main bundle on the stand-in. Worker threads inherit the
 * flag; as in Electron they have no Electron, and nothing of ours may keep them from ending.
 */
if (isMainThread) await import('./main-thread.ts')
