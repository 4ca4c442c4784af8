package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.afterOne;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;

/** Immutable: the commands on places, which are members of sorted sets. */
public enum GeoCommand implements Command {
    // spotless:off
    GEOADD(row("key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM)
            .since("3.2.0").summary("Adds members with their places, or changes places.").complexity("O(log(N)) for each of the members, N in the set")),
    GEOPOS(row("key member [member ...]").arity(-2).keys(first(RO, ACCESS)).flags(READONLY)
            .since("3.2.0").summary("Returns the longitudes and latitudes of members.").complexity("O(N) for N members asked for")),
    GEODIST(row("key member1 member2 [M | KM | FT | MI]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("3.2.0").summary("Returns the distance of two members.").complexity("O(log(N)) for N members")),
    GEOHASH(row("key member [member ...]").arity(-2).keys(first(RO, ACCESS)).flags(READONLY)
            .since("3.2.0").summary("Returns the places of members as geohash strings.").complexity("O(log(N)) for each of the members, N in the set")),
    GEOSEARCH(row("key <FROMMEMBER member | FROMLONLAT longitude latitude> <((BYRADIUS radius) <M | KM | FT | MI>) | ((BYBOX width) height <M | KM | FT | MI>)> "
                    + "[ASC | DESC] [((COUNT count) [ANY])] [WITHCOORD] [WITHDIST] [WITHHASH]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("6.2.0").summary("Returns the members within a circle or a box.").complexity("O(N+log(M)) for N members near the area, M in the set")),
    GEOSEARCHSTORE(row("destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <((BYRADIUS radius) <M | KM | FT | MI>) | ((BYBOX width) height <M | KM | FT | MI>)> "
                    + "[ASC | DESC] [((COUNT count) [ANY])] [STOREDIST]").keys(first(OW, UPDATE), second(RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Stores the members within a circle or a box.").complexity("O(N+log(M)) for N members near the area, M in the set")),
    GEORADIUS(row("key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [((COUNT count) [ANY])] [ASC | DESC] "
                    + "[STORE destination] [STOREDIST destination]")
            .keys(first(RO, ACCESS), afterOne("STORE", 6, OW, UPDATE), afterOne("STOREDIST", 6, OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("3.2.0").deprecated("6.2.0", "GEOSEARCH and GEOSEARCHSTORE with BYRADIUS")
            .summary("Returns or stores the members within a circle.").complexity("O(N+log(M)) for N members near the area, M in the set")),
    GEORADIUSBYMEMBER(row("key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [((COUNT count) [ANY])] [ASC | DESC] "
                    + "[STORE destination] [STOREDIST destination]")
            .keys(first(RO, ACCESS), afterOne("STORE", 5, OW, UPDATE), afterOne("STOREDIST", 5, OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("3.2.0").deprecated("6.2.0", "GEOSEARCH and GEOSEARCHSTORE with BYRADIUS and FROMMEMBER")
            .summary("Returns or stores the members within a circle around one.").complexity("O(N+log(M)) for N members near the area, M in the set")),
    GEORADIUS_RO(row("key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [((COUNT count) [ANY])] [ASC | DESC]")
            .keys(first(RO, ACCESS)).flags(READONLY)
            .since("3.2.10").deprecated("6.2.0", "GEOSEARCH with BYRADIUS")
            .summary("Returns the members within a circle.").complexity("O(N+log(M)) for N members near the area, M in the set")),
    GEORADIUSBYMEMBER_RO(row("key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [((COUNT count) [ANY])] [ASC | DESC]")
            .keys(first(RO, ACCESS)).flags(READONLY)
            .since("3.2.10").deprecated("6.2.0", "GEOSEARCH with BYRADIUS and FROMMEMBER")
            .summary("Returns the members within a circle around one.").complexity("O(N+log(M)) for N members near the area, M in the set"));
    // spotless:on

    private final CommandSpec spec;

    GeoCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.GEO);
    }

    @Override
    public Family family() {
        return Family.GEO;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
