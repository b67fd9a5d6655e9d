import { z } from 'zod'
import type { Agent, Directory, StatusOption } from '../model.ts'
import { optionalId, optionalText, optionalTime, vendorId } from '../read-records.ts'
import { personName, readStatus } from './map.ts'
import type { Kind } from './payload.ts'

/** The small lists of a portal. Pure. */

const agentSchema = z.looseObject({
  id: vendorId,
  zuid: optionalId,
  name: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  emailId: optionalText,
  status: optionalText,
  rolePermissionType: optionalText,
})
export type DeskAgent = z.infer<typeof agentSchema>
export const agentKind: Kind<DeskAgent> = {
  name: 'agent',
  schema: agentSchema,
  signs: ['emailId', 'zuid', 'roleId', 'profileId'],
}

export const agentName = (agent: DeskAgent) => personName(agent) ?? agent.emailId ?? agent.id

export const toAgent = (agent: DeskAgent): Agent => ({
  vendorId: agent.id,
  name: agentName(agent),
  email: agent.emailId ?? null,
  active: !agent.status || agent.status.toUpperCase() === 'ACTIVE',
})

const namedSchema = z.looseObject({ id: vendorId, name: z.string() })
type Named = z.infer<typeof namedSchema>
export const departmentKind: Kind<Named> = {
  name: 'department',
  schema: namedSchema,
  signs: ['nameInCustomerPortal', 'isEnabled', 'isDefault', 'sanitizedName', 'chatStatus', 'name'],
}
/** `GET /teams` answers `{"teams": […]}`. https://github.com/zoho/zohodesk-oas, Team.json */
export const teamKind: Kind<Named> = { name: 'team', schema: namedSchema, signs: ['derivedAgents', 'subTeams', 'name'] }

/** Departments have names, help centres and addresses of their own, as brands do; a conversation lies with a team or a department. */
export const departmentsPart = (departments: Named[]): Pick<Directory, 'brands' | 'groups'> => ({
  brands: departments.map(({ id, name }) => ({ key: id, name })),
  groups: toGroups(departments),
})
export const toGroups = (list: Named[]): Directory['groups'] => list.map(({ id, name }) => ({ vendorId: id, name }))

const allowedValue = z.union([
  z.string().transform((value) => ({ value, statusType: null })),
  z.looseObject({ value: z.string(), statusType: optionalText }),
])
const fieldSchema = z.looseObject({
  apiName: z.string(),
  allowedValues: z.array(z.unknown()).nullish().catch(null),
})
export type Field = z.infer<typeof fieldSchema>
export const fieldKind: Kind<Field> = {
  name: 'field',
  schema: fieldSchema,
  signs: ['apiName', 'allowedValues', 'displayLabel'],
}

/** Values a field of the ticket form may have. */
export function valuesOf(
  fields: Field[],
  apiName: string,
): { value: string; statusType?: string | null | undefined }[] {
  const field = fields.find((each) => each.apiName === apiName)
  return (field?.allowedValues ?? []).flatMap((value) => {
    const read = allowedValue.safeParse(value)
    return read.success ? [read.data] : []
  })
}

/** Status values live in the form's field of that name: there is no list of statuses. */
export function toStatuses(fields: Field[]): StatusOption[] {
  return valuesOf(fields, 'status').map(({ value, statusType }) => ({
    id: value,
    label: value,
    status: readStatus(value, statusType ?? null),
  }))
}

const addressSchema = z.looseObject({
  address: z.string().includes('@'),
  departmentId: optionalId,
  isActive: z.boolean().nullish().catch(null),
  isVerified: z.boolean().nullish().catch(null),
  isDepartmentDefault: z.boolean().nullish().catch(null),
})
export type FromAddress = z.infer<typeof addressSchema>
export const addressKind: Kind<FromAddress> = { name: 'from address', schema: addressSchema, signs: ['address'] }

const deletedSchema = z.looseObject({
  id: vendorId,
  type: z.union([z.string(), z.array(z.string()).transform((types) => types.join(' '))]),
  deletedTime: optionalTime,
})
export type Deleted = z.infer<typeof deletedSchema>
export const deletedKind: Kind<Deleted> = {
  name: 'deleted record',
  schema: deletedSchema,
  signs: ['deletedTime', 'deletedById'],
}
export const isTicket = ({ type }: Deleted) => /^(tickets?|cases?)$/i.test(type)
