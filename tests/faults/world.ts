// Everything that a run consists of: PostgreSQL, nodes behind doors, organizations, writers and screens.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, type Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { deriveScores } from '../../src/metrics/derive.ts';
import { administer } from '../support/administer.ts';
import { type Company, foundCompany } from './company.ts';
import { type Door, openDoor } from './door.ts';
import { Model } from './model.ts';
import { NodeProcess } from './node-process.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Random, randomOf } from './random.ts';
import type { Screen } from './screen.ts';
import type { Size } from './size.ts';
import { TaskScreen } from './task-screen.ts';
import { Writers } from './writers.ts';

const DATABASE = 'muster';

/** A node, and the door that its clients come in by; while it is away the door leads to the other. */
export interface Post {
  node: NodeProcess;
  door: Door;
  url: string;
}

export class World {
  readonly random: Random;
  readonly size: Size;
  readonly model = new Model();
  readonly posts: Post[] = [];
  readonly companies: Company[] = [];
  readonly screens: Screen[] = [];
  readonly directory: string;
  postgres!: Postgres;
  db!: Database;
  writers!: Writers;

  constructor(seed: number, size: Size) {
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
    for (const name of ['a', 'b']) await this.#openPost(name);
    await Promise.all(this.posts.map((post) => this.startNode(post)));
    await this.#beginModel();
    const { model, random, companies } = this;
    const urls = this.posts.map(({ url }) => url);
    const { rate, writers: perCompany } = size;
    const run = path.basename(directory);
    this.writers = new Writers({ companies, model, random, urls, rate, perCompany, run });
  }

  get databaseUrl(): string {
    return this.postgres.url(DATABASE);
  }

  async startNode({ node }: Post): Promise<void> {
    await node.start({
      DATABASE_URL: this.databaseUrl,
      POOL_SIZE: '10',
      WAKEUP: 'postgres',
      // No screen is to be told to begin afresh: then it would be excused from what it missed.
      MAILBOX_SIZE: '100000',
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
      screens.push(new TaskScreen({ url, over: 'websocket', company, person }));
    }
    await Promise.all(screens.map((screen) => screen.open()));
  }

  async close(keepFiles: boolean): Promise<void> {
    await Promise.all(this.screens.map((screen) => screen.close()));
    for (const { node, door } of this.posts) {
      await node.kill();
      await door.close();
    }
    await this.db?.close();
    await this.postgres?.stop();
    if (!keepFiles) rmSync(this.directory, { recursive: true, force: true });
  }

  async #openPost(name: string): Promise<void> {
    const node = new NodeProcess(`node ${name}`, path.join(this.directory, `node-${name}.log`));
    const door = await openDoor(() => {
      const others = this.posts.filter((post) => post.node !== node);
      return [node, ...others.map((post) => post.node)]
        .map(({ port }) => port)
        .filter((port) => port > 0);
    });
    this.posts.push({ node, door, url: `http://127.0.0.1:${door.port}/graphql` });
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
