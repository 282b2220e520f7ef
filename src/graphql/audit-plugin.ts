import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type InputShapeFromFields,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type ShapeFromTypeParam,
  type TypeParam,
} from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { type AuditDetails, auditCall, type PayloadOf } from './audit-call.ts'
import type { GraphQLContext } from './context.ts'

/**
 * Adds the field option `audit`, which every mutation must declare: one without it does not compile. Each call is
 * recorded in the audit log with its caller and outcome, and fails if it cannot be recorded.
 */
export class AuditPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const isAudited = detailsOf(field) !== undefined
    return isAudited ? { ...field, extensions: { ...field.extensions, isAudited } } : field
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const details = detailsOf(field)
    if (details === undefined) return resolver
    return (parent, args, context, info) => {
      const call = {
        operation: field.name,
        resolve: async () => resolver(parent, args, context, info),
        details: (payload: unknown, index: number) => details(args, payload, index),
      }
      // Plugins are generic in the context type; this schema has one.
      return auditCall(context as GraphQLContext, call)
    }
  }
}

type Details<Args, Payload> = (args: Args, payload: Payload | undefined, index: number) => AuditDetails

// The declaration was checked where the field was defined.
const detailsOf = (field: { readonly pothosOptions: object }) =>
  (field.pothosOptions as { readonly audit?: Details<object, unknown> }).audit

interface DeclaredAudit<Args, Payload> {
  /**
   * What the audit log has about a call in addition to its caller and outcome. `payload` is absent if the call failed. Of
   * a list, each entry is recorded on its own: `index` is its place.
   */
  readonly audit: Details<Args, Payload>
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      audit: AuditPlugin<Types>
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > extends DeclaredAudit<
        InputShapeFromFields<Args>,
        PayloadOf<ShapeFromTypeParam<Types, Type, Nullable>>
      > {}
  }
}

SchemaBuilder.registerPlugin('audit', AuditPlugin)
