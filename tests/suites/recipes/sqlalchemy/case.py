import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.engine import _row_cy
from sqlalchemy.util import _collections_cy


class Base(orm.DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    orders: orm.Mapped[list["Order"]] = orm.relationship(back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(sqlalchemy.ForeignKey("users.id"))
    user: orm.Mapped[User] = orm.relationship(back_populates="orders")


def check():
    assert _row_cy._is_compiled() and _collections_cy._is_compiled()
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add(User(name="Ada", orders=[Order(), Order()]))
        session.commit()
        query = sqlalchemy.select(User.name, sqlalchemy.func.count(Order.id)).join(Order).group_by(User.id)
        assert session.execute(query).all() == [("Ada", 2)]
        assert len(session.scalars(sqlalchemy.select(User)).one().orders) == 2
