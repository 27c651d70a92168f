"""Short words for what a customer of a shop asks, in tests."""

from typing import Any

from asking import Ask

from mockserver.messages import Response

ADA = {"email": "ada@example.com", "password": "secret", "first_name": "Ada", "last_name": "Byron"}
HOME = {
    "first_name": "Ada",
    "last_name": "Byron",
    "address_1": "12 St. James Square",
    "city": "London",
    "country_code": "GB",
    "postal_code": "SW1Y 4LB",
}
ME = "/store/customers/me"


def cookie_of(response: Response) -> str:
    """Return the session's cookie that an answer sets, as a client sends it back; '' for none."""
    set_ = [value for name, value in response.headers if name == "set-cookie"]
    return set_[-1].partition(";")[0] if set_ else ""


class Visitor:
    """Somebody who keeps the session's cookie, as browsers do."""

    def __init__(self, ask: Ask, prefix: str = "") -> None:
        self._ask = ask
        self._prefix = prefix
        self.cookie = ""

    def other(self) -> "Visitor":
        """Return somebody else, who has no cookie yet."""
        return Visitor(self._ask, self._prefix)

    def ask(self, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> Response:
        """Ask, and keep the cookie."""
        sent = {"cookie": self.cookie} if self.cookie else {}
        answer = self._ask(method, f"{self._prefix}{path}", body, query, **{**sent, **headers})
        self.cookie = cookie_of(answer) or self.cookie
        return answer

    def said(self, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> tuple[int, str]:
        """Ask; return the status, and what is said to be wrong."""
        answer = self.ask(method, path, body, query, **headers)
        return answer.status, answer.document["message"]

    def register(self, **said: Any) -> dict[str, Any]:
        """Register, as Ada where nothing else is said; return the customer."""
        answer = self.ask("POST", "/store/customers", {**ADA, **said})
        assert 200 == answer.status, answer.document
        return dict(answer.document["customer"])

    def change(self, **said: Any) -> dict[str, Any]:
        """Change what is said of whoever is logged in; return the customer."""
        answer = self.ask("POST", ME, said)
        assert 200 == answer.status, answer.document
        return dict(answer.document["customer"])
