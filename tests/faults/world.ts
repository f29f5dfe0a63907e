// Everything that a run consists of: PostgreSQL, nodes behind doors, organizations, writers and screens.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import { administer } from '../support/administer.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { BoardScreen, NewsScreen } from './board-screens.ts';
import { type Company, foundCompany, type Person } from './company.ts';
import { type Door, openDoor } from './door.ts';
import { Model, sum } from './model.ts';
import { NodeProcess } from './node-process.ts';
import { until, untilNothingLeft } from './patience.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Random, randomOf } from './random.ts';
import type { Screen, ScreenParts } from './screen.ts';
import type { Size } from './size.ts';
import { TaskScreen } from './task-screen.ts';
import { Writers } from './writers.ts';

const DATABASE = 'muster';
const BREATH_MS = 1_500;

/** A node, and the door that its clients come in by; while it is away the door leads to the other. */
export interface Post {
  node: NodeProcess;
  door: Door;
  url: string;
  /** The door leads to the other node first. */
  isCrossed: boolean;
  /** Between this node and Redis; null without a Redis. */
  redisDoor: Door | null;
}

type MakeScreen = (parts: Omit<ScreenParts, 'over'>, admin: Person) => Screen;

/** What is watched, in the proportions in which it is. */
const MIX: readonly MakeScreen[] = [
  (parts) => new TaskScreen({ ...parts, over: 'websocket' }),
  (parts) => new BoardScreen({ ...parts, over: 'websocket' }),
  (parts) => new TaskScreen({ ...parts, over: 'sse' }),
  (parts, admin) => new TaskScreen({ ...parts, person: admin, over: 'websocket' }),
  (parts) => new TaskScreen({ ...parts, over: 'websocket' }),
  (parts) => new NewsScreen({ ...parts, over: 'websocket' }),
  (parts) => new TaskScreen({ ...parts, over: 'websocket' }),
  (parts) => new BoardScreen({ ...parts, over: 'sse' }),
  (parts) => new TaskScreen({ ...parts, over: 'websocket' }),
];

export class World {
  readonly seed: number;
  readonly random: Random;
  readonly size: Size;
  readonly model = new Model();
  readonly posts: Post[] = [];
  readonly companies: Company[] = [];
  readonly screens: Screen[] = [];
  /** To be closed in the end, beside those of the posts. */
  readonly doors: Door[] = [];
  readonly directory: string;
  /** How nodes that start from now on wake each other. */
  wakeup = 'postgres';
  postgres!: Postgres;
  redis: TestRedis | null = null;
  db!: Database;
  writers!: Writers;

  constructor(seed: number, size: Size) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.size = size;
    this.directory = mkdtempSync(path.join(tmpdir(), 'muster faults '));
  }

  async open(): Promise<void> {
    const { size, directory } = this;
    const files = path.join(directory, 'database');
    mkdirSync(files);
    this.postgres = await startPostgres(files);
    await administer(this.postgres.url('postgres'), `create database ${DATABASE}`);
    await migrate(this.databaseUrl);
    this.db = createDatabase({
      ...{ url: this.databaseUrl, size: 4, pipeline: true, derive: deriveScores },
      onError: () => {},
    });
    for (let n = 0; n < size.companies; n += 1) {
      this.companies.push(await foundCompany(this.db, size.people));
    }
    const program = findRedis();
    if (program) this.redis = await startRedis(program);
    for (const name of ['a', 'b']) this.posts.push(await this.#openPost(name));
    await Promise.all(this.posts.map((post) => this.startNode(post)));
    await this.#beginModel();
    const { model, companies, seed } = this;
    const urls = this.posts.map(({ url }) => url);
    const run = path.basename(directory);
    const { writers: perCompany } = size;
    const random = randomOf(seed + 1);
    this.writers = new Writers({ companies, model, random, urls, perCompany, run });
  }

  get databaseUrl(): string {
    return this.postgres.url(DATABASE);
  }

  async startNode({ node, redisDoor }: Post, more: Record<string, string> = {}): Promise<void> {
    await node.start({
      DATABASE_URL: this.databaseUrl,
      POOL_SIZE: '10',
      WAKEUP: this.wakeup,
      REDIS_URL: `redis://127.0.0.1:${redisDoor?.port ?? 0}`,
      DRAIN_READY_MS: String(this.size.drainMs),
      DRAIN_WINDOW_MS: String(this.size.drainMs),
      // No screen is to be told to begin afresh: then it would be excused from what it missed.
      MAILBOX_SIZE: '100000',
      ...more,
    });
  }

  /** Lets writers write between one blow and the next: some time, and until they have got on, however slow all is. */
  async breathe(): Promise<void> {
    const { model, size } = this;
    const wanted = model.count + Math.ceil(size.rate / 5);
    await sleep(BREATH_MS);
    await until('writers get on', () => model.count >= wanted, 300_000);
  }

  /** Resolves to how much is not, once nothing gets better. Who has ended by itself is not waited for. */
  async untilEverythingIsShown(): Promise<number> {
    const open = this.screens.filter(({ failure }) => failure === null);
    return untilNothingLeft(() => sum(open.map((screen) => screen.judge(this.model))).missing);
  }

  async untilRedisCarries(): Promise<void> {
    const { redis, posts } = this;
    await until('all nodes listen to Redis', async () => {
      return (await redis?.listeners('muster:wakeups')) === posts.length;
    });
  }

  /** Opens the screens that watch throughout, evenly over organizations, people and nodes. */
  async openScreens(): Promise<void> {
    const { screens, posts, companies, size } = this;
    for (let n = 0; n < size.screens; n += 1) {
      const company = companies[n % companies.length] as Company;
      const place = Math.floor(n / companies.length);
      const person = company.reps[place % company.reps.length] ?? company.admin;
      const { url } = posts[place % posts.length] as Post;
      const make = MIX[place % MIX.length] as MakeScreen;
      screens.push(make({ url, company, person }, company.admin));
    }
    await Promise.all(screens.map((screen) => screen.open()));
    await until('all screens are live', () => screens.every(({ isLive }) => isLive));
  }

  async close(keepFiles: boolean): Promise<void> {
    await Promise.all(this.screens.map((screen) => screen.close()));
    for (const { node, door, redisDoor } of this.posts) {
      await node.kill();
      await door.close();
      await redisDoor?.close();
    }
    await Promise.all(this.doors.map((door) => door.close()));
    await this.redis?.stop();
    await this.db?.close();
    await this.postgres?.stop();
    if (!keepFiles) rmSync(this.directory, { recursive: true, force: true });
  }

  async #openPost(name: string): Promise<Post> {
    const { posts, redis } = this;
    const node = new NodeProcess(`node ${name}`, path.join(this.directory, `node-${name}.log`));
    const door = await openDoor(() => {
      const others = posts.filter((other) => other !== post).map((other) => other.node);
      const order = post.isCrossed ? [...others, node] : [node, ...others];
      return order.map(({ port }) => port).filter((port) => port > 0);
    });
    const redisDoor = redis && (await openDoor(() => [redis.port]));
    const url = `http://127.0.0.1:${door.port}/graphql`;
    const post: Post = { node, door, url, isCrossed: false, redisDoor };
    return post;
  }

  /** The model begins where what has been made for it ends. */
  async #beginModel(): Promise<void> {
    for (const { organizationId } of this.companies) {
      const { rows } = await this.db.pool.query<{ position: number }>(
        'select position::int from log_head where organization_id = $1',
        [organizationId],
      );
      this.model.begin(organizationId, rows[0]?.position ?? 0);
    }
  }
}
