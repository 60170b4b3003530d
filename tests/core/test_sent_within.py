"""The answer to a form that was sent from within its page: a script cannot read where a redirect leads."""

from django.urls import reverse

WITHIN = {"X-Sent-Within": "page"}


def test_where_it_leads_stands_beside_it_and_its_messages_wait(as_user, sora, willow):
    client, address = as_user(sora), reverse("supply:check_levels")
    plain = client.post(address)
    client.get(plain.url)  # its message was read
    within = client.post(address, headers=WITHIN)
    assert (within.status_code, within["X-Go-To"], within.content) == (204, plain.url, b"")
    assert "Location" not in within
    assert len(client.get(plain.url).context["messages"]) == 1


def test_a_refused_form_is_a_page(as_user, hana, willow):
    address = reverse("shelters:count_heads", args=[willow.uuid])
    refused = as_user(hana).post(address, {"people": "many"}, headers=WITHIN)
    assert refused.status_code == 422
    assert "many" in refused.content.decode()
