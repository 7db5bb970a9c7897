import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONNECTION_LIMITS } from '../../../lib/local/service/connection-limits.ts';
import { Victim, readToEnd } from './victim.ts';

const GET_DOCUMENT = 'GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** Of the 10,000 posts that this once was; more with `POSTRIDER_ABUSE_POSTS`. */
const POSTS = Number(process.env.POSTRIDER_ABUSE_POSTS ?? 300);

let victim: Victim;

beforeEach(async () => {
  victim = await Victim.start();
  await victim.answers();
});
afterEach(() => victim.stop());

const connections = (count: number) => Promise.all(Array.from({ length: count }, () => victim.connect()));

async function closedOf(sockets: readonly Socket[]): Promise<number> {
  for (const socket of sockets) socket.resume();
  await wait(200);
  return sockets.filter((socket) => socket.destroyed).length;
}

test('2,000 pipelined requests for the largest document, never read, cost next to nothing', async () => {
  const growth = await victim.growthMiB(async () => {
    const sockets = await connections(10);
    for (const socket of sockets) socket.write(GET_DOCUMENT.repeat(2000));
    await wait(500);
    expect(await victim.answers()).toBe(true);
    await expect.poll(() => closedOf(sockets), { timeout: 10_000 }).toBe(sockets.length);
  });
  expect(growth).toBeLessThan(100);
});

test('the document, asked for on 500 connections and never read, is held once', async () => {
  const growth = await victim.growthMiB(async () => {
    for (const socket of await connections(500)) socket.write(GET_DOCUMENT);
    await wait(500);
    expect(await victim.answers()).toBe(true);
  });
  expect(growth).toBeLessThan(100);
});

test('300 bodies without a key, sent by half, are refused before they are read', async () => {
  const head = `POST /v1/events/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${1 << 20}\r\n\r\n`;
  const growth = await victim.growthMiB(async () => {
    const sockets = await connections(300);
    const ends = sockets.map(readToEnd);
    for (const socket of sockets) socket.write(head + 'x'.repeat(1 << 19));
    expect(await victim.answers()).toBe(true);
    const answers = await Promise.all(ends);
    // A connection that is closed while its body still comes may lose its answer on the way (RFC 9112, 9.6).
    expect(answers.filter((text) => text.startsWith('HTTP/1.1 401 ')).length).toBeGreaterThan(0);
    expect(answers.filter((text) => text !== '' && !text.startsWith('HTTP/1.1 401 '))).toEqual([]);
  });
  expect(growth).toBeLessThan(100);
});

test('4,000 idle connections keep nobody out: the oldest are closed', async () => {
  const sockets: Socket[] = [];
  const growth = await victim.growthMiB(async () => {
    for (let batch = 0; batch < 20; batch += 1) sockets.push(...(await connections(200)));
    expect(await victim.answers()).toBe(true);
  });
  await expect.poll(() => closedOf(sockets)).toBeGreaterThanOrEqual(4000 - CONNECTION_LIMITS.connections);
  expect(sockets.at(-1)?.destroyed).toBe(false);
  expect(growth).toBeLessThan(150);
});

test('headers without end are refused at 16 KiB', async () => {
  const sockets = await connections(100);
  const ends = sockets.map(readToEnd);
  const growth = await victim.growthMiB(async () => {
    for (const socket of sockets) {
      socket.write(`GET /v1/health HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(20_000)}`);
    }
    expect(await victim.answers()).toBe(true);
    const answers = await Promise.all(ends);
    expect(answers.filter((text) => text !== '' && !text.startsWith('HTTP/1.1 431 '))).toEqual([]);
  });
  expect(growth).toBeLessThan(100);
});

test(`${POSTS} posts of 256 KiB at 50 at once are all accepted, and others are answered meanwhile`, async () => {
  const body = JSON.stringify({ type: 'a.b', data: 'x'.repeat(262_144 - 64) });
  const headers = { authorization: `Bearer ${victim.key}`, 'content-type': 'application/json' };
  const statuses = new Map<number, number>();
  const turns = Array.from({ length: POSTS }).values();
  const poster = async () => {
    for (const _ of turns) {
      const response = await fetch(`${victim.url}/v1/events`, { method: 'POST', headers, body });
      await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  const growth = await victim.growthMiB(async () => {
    const posting = Promise.all(Array.from({ length: 50 }, poster));
    let isOver = false;
    while (!isOver) {
      expect(await victim.answers()).toBe(true);
      isOver = await Promise.race([posting.then(() => true), wait(50, false)]);
    }
  });
  expect(Object.fromEntries(statuses)).toEqual({ 202: POSTS });
  // 50 bodies at once are 12.5 MiB; SQLite's cache may take 64 MiB.
  expect(growth).toBeLessThan(400);
}, 600_000);
