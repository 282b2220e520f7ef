import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import type { GraphQLContext } from './context.ts'
import { providerCallsOf } from './cost.ts'

/** Records the fields that may send a request to a provider, without their arguments. */
export class TracingPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (providerCallsOf((field.pothosOptions as { readonly complexity?: unknown }).complexity) === null)
      return resolver
    return (parent, args, context, info) => {
      // Plugins are generic in the context type; this schema has one.
      const { tracing } = (context as GraphQLContext).connect
      if (!tracing.isOn) return resolver(parent, args, context, info)
      const attributes = { 'graphql.field.name': field.name }
      return tracing.run(field.name, { attributes }, async () => resolver(parent, args, context, info))
    }
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      tracing: TracingPlugin<Types>
    }
  }
}

SchemaBuilder.registerPlugin('tracing', TracingPlugin)
