// The list as one prepared statement that gives its JSON, sent on as it is: node bench/read-bare.ts <url> <organization>
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const [, , url, organizationId] = process.argv;
const pool = new pg.Pool({ connectionString: url, max: 10 });
const LIST = `SELECT json_build_object('data', json_build_object('customers', json_build_object('nodes', json_agg(
    json_build_object('id', c.id, 'name', c.name, 'grade', c.grade, 'createdAt', c.created_at,
      'owner', json_build_object('id', m.id, 'name', m.name), 'opportunities', o.nodes)
    ORDER BY c.created_at DESC, c.id DESC)))) AS answer
  FROM (SELECT * FROM customer WHERE organization_id = $1 AND grade = 'A' AND archived_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 20) c
  JOIN member m ON m.id = c.owner_id
  LEFT JOIN LATERAL (SELECT json_agg(json_build_object('id', d.id, 'name', d.name, 'amount', d.amount::text,
      'createdAt', d.created_at)) AS nodes
    FROM (SELECT * FROM opportunity WHERE customer_id = c.id AND organization_id = $1 AND archived_at IS NULL
          ORDER BY created_at DESC, id DESC LIMIT 3) d) o ON true`;

const server = createServer(async (request, response) => {
  for await (const _chunk of request);
  const { rows } = await pool.query({ name: 'list', text: LIST, values: [organizationId] });
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(rows[0].answer));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
