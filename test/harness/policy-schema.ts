/** `npm run policy-schema`: writes the JSON Schema of policies from the form that the app reads. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyJsonSchema } from '../../main/policy/schema.ts'
import { root } from './host.ts'

const file = join(root, 'resources', 'policy.schema.json')
writeFileSync(file, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`)
console.log(`wrote ${file.slice(root.length + 1)}`)
