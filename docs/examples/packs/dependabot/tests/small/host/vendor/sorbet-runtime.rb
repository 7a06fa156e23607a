# frozen_string_literal: true

# Stands in for the gem of that name, which checks types when a program runs: here nothing is checked.
module T
  module Sig
    def sig(*) = nil
  end

  module Helpers
    def abstract! = nil
  end

  Array = ->(*) { Object }
  Hash = ->(*) { Object }

  def self.let(value, _type) = value

  def self.class_of(_type) = Class
end
