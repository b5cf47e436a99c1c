"""Which addresses are somebody else's public ones."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.networks import Refused, public_addresses, why_refused
from tests.app.kit.hostile_urls import ADDRESSES, OF_ANOTHER_GUARD, PUBLIC_ADDRESSES


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_within_reach_is_refused_with_a_reason(text: str) -> None:
    assert why_refused(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC_ADDRESSES)
def test_a_public_address_is_not_refused(text: str) -> None:
    assert why_refused(ip_address(text)) is None


@pytest.mark.parametrize("network", OF_ANOTHER_GUARD)
def test_whatever_another_guard_refuses_is_refused(network: str) -> None:
    whole = ip_network(network)
    assert all(why_refused(address) for address in (whole[0], whole[-1], whole[whole.num_addresses // 2]))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "2002::", "2001::"]))
def test_no_form_of_ipv6_carries_an_ipv4_address_through(carried: IPv4Address, prefix: str) -> None:
    shift = 80 if prefix == "2002::" else 0
    assert why_refused(IPv6Address(int(ip_address(prefix)) | int(carried) << shift))


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_asked_by_ipv6(address: IPv6Address) -> None:
    assert why_refused(address) or int(address) >> 125 == 0b001


def test_one_refused_address_among_good_ones_refuses_the_name() -> None:
    with pytest.raises(Refused, match="loopback"):
        public_addresses("far.example", lambda _: ["8.8.8.8", "127.0.0.1", "1.1.1.1"])


def test_addresses_come_once_each_and_in_order() -> None:
    found = public_addresses("far.example", lambda _: ["8.8.8.8", "2600::1", "8.8.8.8"])
    assert [str(address) for address in found] == ["8.8.8.8", "2600::1"]


def test_a_name_without_addresses_is_refused() -> None:
    with pytest.raises(Refused):
        public_addresses("far.example", lambda _: [])
