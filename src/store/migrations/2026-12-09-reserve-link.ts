import { type Kysely, sql } from 'kysely'

/**
 * The reservation of a link as one function call, which takes one round trip to the database instead of five. Each
 * statement of the function has a snapshot of its own: what another transaction has committed while this one waited for
 * the lock is counted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function count_open_links(
      planned_link uuid, planned_end_user text, planned_connection uuid, open_statuses text[], at timestamptz
    ) returns bigint language sql stable as $$
      select
        (select count(*) from connect_links
          where end_user_id = planned_end_user and status = any(open_statuses)
            and (expires_at is null or expires_at > at)
            and (purpose = 'RECONNECT' and connection_id = planned_connection) is not true) +
        (select count(*) from link_reservations
          where end_user_id = planned_end_user and expires_at > at
            and (link_id = planned_link) is not true
            and (connection_id = planned_connection) is not true)
    $$`.execute(db)
  await sql`
    create function reserve_link(
      planned_link uuid, planned_end_user text, planned_connection uuid, open_statuses text[], at timestamptz,
      reserved_until timestamptz, max_links integer
    ) returns boolean language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtext('open links ' || planned_end_user));
      if count_open_links(planned_link, planned_end_user, planned_connection, open_statuses, at) >= max_links then
        return false;
      end if;
      insert into link_reservations (link_id, end_user_id, connection_id, expires_at)
        values (planned_link, planned_end_user, planned_connection, reserved_until)
        on conflict (link_id) do update
          set end_user_id = excluded.end_user_id, connection_id = excluded.connection_id, expires_at = excluded.expires_at;
      return true;
    end $$`.execute(db)
}
