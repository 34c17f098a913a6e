import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { Role } from '../loyalty/role.ts';
import type { Actor, AnyActor, Place, TillActor } from '../operations/actor.ts';
import type { Answered, Attempt, RepeatRefusal } from '../operations/answer-once.ts';
import type { Refusal, RefusalName } from './problem.ts';
import type { TokenClaims } from './token.ts';

/**
 * Who may use a route. `anonymous`: anyone (what is asked for may still need a secret in the path). `device`: an
 * enrolled till on which nobody has entered a PIN. The others: a member of staff of that role, at a till or the desk.
 */
export type Audience = 'anonymous' | 'device' | Role;

/** Audiences that many routes have. */
export const STAFF = ['barista', 'manager', 'owner'] as const;
export const MANAGERS = ['manager', 'owner'] as const;
export const OWNERS = ['owner'] as const;

/** Who is asking, as the token or the cookie shows. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'device'; place: Place; deviceName: string; token: TokenClaims }
  | {
      kind: 'staff';
      actor: Actor;
      /** The till this person is signed in at; null at the owner's desk. */
      place: Place | null;
      sessionId: string;
      staffName: string;
      signedInAt: Date;
      /** The till spoke for somebody whose session may be over by now: good for taps only (`isTap`). */
      isByTill?: true;
    };

type Schema = z.ZodType | undefined;
type Parsed<Given extends Schema> = Given extends z.ZodType ? z.infer<Given> : undefined;

interface RouteContext<Params extends Schema, Query extends Schema, Body extends Schema> {
  principal: Principal;
  params: Parsed<Params>;
  query: Parsed<Query>;
  body: Parsed<Body>;
  request: Request;
  response: Response;
  /** The address under which the outside world reaches this server, without a slash at the end. */
  publicUrl: string;
}

interface RouteDescription<Params extends Schema, Query extends Schema, Body extends Schema> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/api/v1/cards/{code}`. */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  audience: readonly Audience[];
  /** Only at an enrolled till, not from the owner's desk. */
  needsTill?: true;
  /** Only from the owner's desk: a PIN at a till is not enough to change people and rules. */
  needsDesk?: true;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Refusals a caller should expect besides those every route shares. */
  refusals?: readonly RefusalName[];
}

/** A route that answers with JSON of a known shape. */
export interface JsonRoute<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
> extends RouteDescription<Params, Query, Body> {
  kind: 'json';
  status: 200 | 201 | 204;
  answer: z.ZodType;
  handle(context: RouteContext<Params, Query, Body>): Promise<object | Refusal | undefined>;
}

/** A write that carries an `Idempotency-Key`: asked twice, it is done once and answered the same. */
export interface RepeatableRoute<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
> extends RouteDescription<Params, Query, Body> {
  kind: 'repeatable';
  status: 200 | 201;
  answer: z.ZodType;
  /**
   * A tap that a till may have kept while it was offline: it says how long ago it was tapped (`Tapped-Ago`), and may
   * arrive when the session it was made in is over (`Staff-Session`).
   */
  isTap?: true;
  handle(
    context: RouteContext<Params, Query, Body> & { attempt: Attempt },
  ): Promise<Answered<object> | RepeatRefusal | Refusal>;
}

export type RawStatus = 200 | 303 | 304 | 404 | 429;

/** A route that writes its own answer: a page, a picture, a stream. */
export interface RawRoute<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
> extends RouteDescription<Params, Query, Body> {
  kind: 'raw';
  /** Media type of the answer. */
  produces: string;
  /** The shape of the answer, when it is JSON. */
  answer?: z.ZodType;
  /** How it answers where that is no refusal; 200 when not said. 303 leads elsewhere, 404 and 429 are pages too. */
  statuses?: readonly RawStatus[];
  /** Media types of a body that is not JSON; the handler reads it from `request` as a stream. */
  consumes?: readonly string[];
  handle(context: RouteContext<Params, Query, Body>): Promise<Refusal | undefined | void>;
}

export type Route = JsonRoute | RepeatableRoute | RawRoute;

/** Declares a route; routing, validation, roles and the OpenAPI document all come from it. */
export function jsonRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(route: Omit<JsonRoute<P, Q, B>, 'kind'>): Route {
  return { kind: 'json', ...route } as unknown as Route;
}

export function repeatableRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(route: Omit<RepeatableRoute<P, Q, B>, 'kind'>): Route {
  return { kind: 'repeatable', ...route } as unknown as Route;
}

export function rawRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(route: Omit<RawRoute<P, Q, B>, 'kind'>): Route {
  return { kind: 'raw', ...route } as unknown as Route;
}

/** Somebody who works here, and their session; only for routes whose audience has neither `anonymous` nor `device`. */
export function staffOf(principal: Principal): Extract<Principal, { kind: 'staff' }> {
  if (principal.kind !== 'staff') throw new Error('This route let somebody in who is not staff');
  return principal;
}

/** The member of staff who asks, wherever that is. */
export function actorOf(principal: Principal): Actor {
  return staffOf(principal).actor;
}

/** The member of staff who asks, with the place when it is at a till. */
export function anyActorOf(principal: Principal): AnyActor {
  const { actor, place } = staffOf(principal);
  return place ? { ...actor, place } : actor;
}

/** The member of staff at a till; only for routes with `needsTill`. */
export function tillActorOf(principal: Principal): TillActor {
  return { ...actorOf(principal), place: placeOf(principal) };
}

/** The till that asks, or that somebody asks from; only for routes with `needsTill`. */
export function placeOf(principal: Principal): Place {
  if (principal.kind === 'anonymous' || !principal.place) throw new Error('This route needs `needsTill`');
  return principal.place;
}
