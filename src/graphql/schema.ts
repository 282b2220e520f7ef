import type { GraphQLSchema } from 'graphql'
import { builder } from './builder.ts'
import './scalars.ts'
import './errors.ts'
import './viewer.ts'
import './provider.ts'
import './connector.ts'
import './connection.ts'
import './connect-link.ts'
import './create-connect-link.ts'
import './reconnect.ts'
import './revoke-connect-link.ts'
import './watch.ts'
import './session.ts'
import './node.ts'

/** The published schema: each noun's file adds its own part. */
export const schema: GraphQLSchema = builder.toSchema()
