import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { causeIds } from '../../../../main/diagnostics/doctor/model.ts'
import { doctorSteps } from '../../../../preload/doctor-steps.ts'
import { doctorCases } from '../../../harness/doctor-cases.ts'

const text = readFileSync(join(import.meta.dirname, '../../../../docs/doctor.md'), 'utf8')
const firstCells = (from: string) =>
  [...(text.split(from)[1] ?? '').replace(/\n## [\s\S]*/, '').matchAll(/^\| (`?)(\w+)\1 \|/gm)].map(
    ([, , name]) => name,
  )

test('docs/doctor.md has every step, in its order', () => {
  expect(firstCells('## What is looked at').slice(1)).toEqual([...doctorSteps])
})

test('docs/doctor.md has every cause, and the twelve that are played in a table of their own', () => {
  expect(causeIds.filter((cause) => !text.includes(`\`${cause}\``))).toEqual([])
  expect(firstCells('## Causes').slice(1).sort()).toEqual(doctorCases.map(({ cause }) => cause).sort())
})
